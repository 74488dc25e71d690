//! The same handlers by hand: what the spaces under measurement would be as a plain axum program.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
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
        let router = Router::new()
            .route("/", post(add))
            .route("/length", post(length))
            .route("/tensor", post(tensor))
            .route("/echo", post(async |body: Bytes| body))
            .layer(DefaultBodyLimit::disable());
        axum::serve(listener, router).await?;
        Ok(())
    })
}

async fn add(Json(Inputs { x, y }): Json<Inputs>) -> Json<Value> {
    Json(json!({ "data": [x + y] }))
}

async fn length(mut form: Multipart) -> Json<Value> {
    let mut length = 0;
    while let Ok(Some(field)) = form.next_field().await {
        length += field.bytes().await.map_or(0, |bytes| bytes.len());
    }
    Json(json!({ "data": [length as f64] }))
}

#[derive(Serialize)]
struct Tensor {
    dtype: &'static str,
    shape: [usize; 2],
    data: Vec<f32>,
}

async fn tensor(Json(_): Json<Value>) -> Json<Answer> {
    Json(Answer { data: [Tensor { dtype: "f32", shape: [1, 2_500_000], data: vec![0.1; 2_500_000] }] })
}

#[derive(Serialize)]
struct Answer {
    data: [Tensor; 1],
}
