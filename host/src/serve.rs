//! `vitrine serve`: from options to a server that drains when told to stop.

use anyhow::Context as _;
use tokio::net::TcpListener;

use crate::app::App;
use crate::config::ServeArgs;
use crate::descriptors::Descriptors;
use crate::{cli, http, shutdown, telemetry, threads};

/// Runs the server until it is told to stop.
///
/// # Errors
/// What keeps the server from starting, in words for the operator.
pub(crate) fn run(args: ServeArgs) -> anyhow::Result<()> {
    telemetry::init(args.log_json)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("http")
        .on_thread_start(threads::prefer_short_slices)
        .build()?;
    runtime.block_on(async {
        // Everything is checked before the port is bound; with port 0 only then the URL is known.
        let listener =
            TcpListener::bind(args.listen).await.with_context(|| format!("`{}` cannot be listened on", args.listen))?;
        let address = listener.local_addr()?;
        let public_url = match &args.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        };
        let descriptors = Descriptors::take();
        let app = App::start(args, public_url.clone(), descriptors).await?;
        let router = http::router(app.clone())?;
        cli::output::result(&format!("Vitrine serves at {public_url}"))?;
        // This thread accepts connections; until now it has started others.
        threads::prefer_short_slices();
        http::connections::serve(listener, router, descriptors.connections, shutdown::signalled(app.clone())).await;
        app.store.close().await;
        Ok(())
    })
}
