//! Connections: how many, and how long each may keep us waiting.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_http::add_extension::AddExtension;

use super::extract::Peer;

/// The longest that a client may take for a request's head, and that a connection may stay idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of a request's head.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// The longest that a client may refuse to take what is sent to it.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);
/// Streams of one HTTP/2 connection at once.
const MAX_STREAMS: u32 = 128;
/// How often an idle HTTP/2 connection is asked whether it still lives, and how long it may take to say so.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until `stop` is done, then lets begun requests end. Each connection takes one of `places`, which listeners may
/// share; of those beyond them the kernel keeps a queue.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    places: Arc<Semaphore>,
    stop: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD_BYTES as u32)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        let (place, (stream, peer)) = tokio::select! {
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Some((place, Ok((stream, peer)))) => (place, (prepare(stream, peer), peer)),
                // Out of descriptors, or the client has gone again: others may still come.
                Some((_, Err(error))) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                None => break,
            },
        };
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), Peer(peer.ip())));
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is its client's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn prepare(stream: TcpStream, peer: SocketAddr) -> TcpStream {
    // Events are small and each is to be seen at once.
    let set = stream.set_nodelay(true);
    let timeout = WRITE_TIMEOUT.as_millis().try_into().unwrap_or(u32::MAX);
    let set = set.and_then(|()| Ok(rustix::net::sockopt::set_tcp_user_timeout(&stream, timeout)?));
    if let Err(error) = set {
        tracing::debug!(%peer, %error, "a connection keeps the system's timeouts");
    }
    stream
}
