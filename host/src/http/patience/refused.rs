//! What becomes of a body that is refused before it has come.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use tokio::time::timeout;

/// So much of a refused body is still taken, and thrown away.
const MAX_BYTES: usize = 8 << 20;
/// And for so long.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Lets a body come that nobody will read, within bounds. Otherwise the connection would be cut off while its client
/// still sends, and with it goes the answer that says why.
pub(in crate::http) fn let_come(body: Body) {
    let mut body = body.into_data_stream();
    // The answer goes out meanwhile.
    tokio::spawn(async move {
        let mut n_bytes = 0;
        let coming = async {
            while let Some(Ok(chunk)) = body.next().await {
                n_bytes += chunk.len();
                if n_bytes > MAX_BYTES {
                    break;
                }
            }
        };
        // What comes later is not waited for.
        let _ = timeout(MAX_TIME, coming).await;
    });
}
