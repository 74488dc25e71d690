//! `vitrine serve`: from options to a server that drains when told to stop.

use std::sync::Arc;

use anyhow::Context as _;
use futures::FutureExt as _;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

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
        let grpc = match args.grpc_listen {
            Some(address) => {
                let listener = TcpListener::bind(address).await;
                Some(listener.with_context(|| format!("`{address}` cannot be listened on for gRPC"))?)
            }
            None => None,
        };
        let public_url = match &args.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        };
        let descriptors = Descriptors::take();
        let app = App::start(args, public_url.clone(), descriptors).await?;
        let router = http::router(app.clone())?;
        if let Some(grpc) = &grpc {
            cli::output::result(&format!("Vitrine serves gRPC at {}", grpc.local_addr()?))?;
        }
        cli::output::result(&format!("Vitrine serves at {public_url}"))?;
        // This thread accepts connections; until now it has started others.
        threads::prefer_short_slices();
        let places = Arc::new(Semaphore::new(descriptors.connections));
        let stop = shutdown::signalled(app.clone()).shared();
        let grpc = async {
            if let Some(listener) = grpc {
                let router = http::open_inference::grpc::router(app.clone());
                http::connections::serve(listener, router, Arc::clone(&places), stop.clone()).await;
            }
        };
        let http = http::connections::serve(listener, router, Arc::clone(&places), stop.clone());
        tokio::join!(http, grpc);
        app.traces.stop().await;
        app.usages.try_write(&app.store, OffsetDateTime::now_utc()).await;
        app.store.close().await;
        Ok(())
    })
}
