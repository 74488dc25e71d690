//! The host side of the contract: one file for each WIT interface.

mod assets;
pub(crate) mod components;
pub(crate) mod page;
mod config;
mod inference;
mod log;
mod session;
mod stream;
pub(crate) mod wasi_output;

use wasmtime::component::Linker;

use crate::state::{GuestState, HasGuestState};
use crate::wit;

/// Interfaces of WASI that are not offered: a component that imports them is refused at publish.
pub(crate) const REFUSED_WASI: &[&str] = &["wasi:sockets/", "wasi:http/"];

/// Links everything that a guest may import. Done once for each engine.
pub(crate) fn link(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wit::log::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::stream::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::assets::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::session::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::config::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::inference::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::components::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    wit::page::add_to_linker::<_, HasGuestState>(linker, |state| state)?;
    Ok(())
}
