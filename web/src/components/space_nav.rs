//! The links between the views of a space.

use leptos::prelude::*;
use spaces::SpaceId;

use crate::state::SpaceTab;
use crate::texts::space as texts;

/// `on_choose` may take a click for itself, by preventing what a link does.
#[component]
pub fn SpaceNav(
    id: SpaceId,
    #[prop(into)] tab: Signal<SpaceTab>,
    /// Whether the visitor has signed in.
    admin: bool,
    #[prop(optional)] on_choose: Option<Callback<(web_sys::MouseEvent, SpaceTab)>>,
) -> impl IntoView {
    let link = |target: SpaceTab| {
        let choose = move |event: web_sys::MouseEvent| {
            if let Some(on_choose) = on_choose {
                on_choose.run((event, target));
            }
        };
        view! {
            <a href=target.url(&id) aria-current=move || (tab.get() == target).then_some("page") on:click=choose>
                {target.title()}
            </a>
        }
    };
    let links = SpaceTab::ALL.into_iter().filter(|tab| admin || !tab.is_for_admins()).map(link).collect_view();
    view! { <nav class="space-nav" aria-label=texts::VIEWS>{links}</nav> }.into_any()
}
