//! The same handler by hand: what the trivial space would be as a plain axum program.

use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Inputs {
    x: f64,
    y: f64,
}

/// Serves on a free port and says which.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("Vitrine serves at http://{}", listener.local_addr()?);
        axum::serve(listener, Router::new().route("/", post(add))).await?;
        Ok(())
    })
}

async fn add(Json(Inputs { x, y }): Json<Inputs>) -> Json<Value> {
    Json(json!({ "data": [x + y] }))
}
