//! The methods of the service.

use std::sync::Arc;
use std::time::Instant;

use axum::http::StatusCode;
use futures::stream::{self, BoxStream};
use futures::{FutureExt as _, StreamExt as _};
use prost::Message as _;
use spaces::limits;
use spaces::value::Value;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::Admitted;
use super::messages::{config, inputs, push, response, set_final, wanted};
use super::proto::grpc_inference_service_server::GrpcInferenceService;
use super::proto::model_metadata_response::TensorMetadata;
use super::proto::repository_index_response::ModelIndex;
use super::proto::{
    ModelConfigRequest, ModelConfigResponse, ModelInferRequest, ModelInferResponse, ModelMetadataRequest,
    ModelMetadataResponse, ModelReadyRequest, ModelReadyResponse, ModelStatistics, ModelStatisticsRequest,
    ModelStatisticsResponse, ModelStreamInferResponse, RepositoryIndexRequest, RepositoryIndexResponse,
    ServerLiveRequest, ServerLiveResponse, ServerMetadataRequest, ServerMetadataResponse, ServerReadyRequest,
    ServerReadyResponse,
};
use super::status::status;
use crate::app::App;
use crate::auth::Caller;
use crate::batching;
use crate::calling::{Call, Update};
use crate::http::error::ApiError;
use crate::http::open_inference::describe::{Description, EXTENSIONS, PLATFORM, Statistics, TensorDescription};
use crate::http::open_inference::infer::Wanted;
use crate::http::open_inference::input;
use crate::http::open_inference::model::{Model, space_name};
use crate::http::open_inference::output::Output;
use crate::http::open_inference::reports::{list, loaded_models};
use crate::origin::Origin;

#[derive(Clone)]
pub(super) struct Service {
    app: Arc<App>,
}

/// A request, ready to run.
struct Prepared {
    model: Model,
    call: Call,
    inputs: Vec<Value>,
    wanted: Wanted,
    id: String,
}

impl Service {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self { app }
    }

    async fn model(&self, caller: Caller, name: &str, version: &str) -> Result<Model, ApiError> {
        Model::find(&self.app, caller, name, Some(version).filter(|version| !version.is_empty())).await
    }

    async fn prepare(&self, admitted: &Admitted, mut request: ModelInferRequest) -> Result<Prepared, ApiError> {
        let arrived = Instant::now();
        let model = self.model(admitted.caller, &request.model_name, &request.model_version).await?;
        let space = &model.space;
        self.app.refuse_if_full(space)?;
        let in_bytes = request.encoded_len() as u64;
        let max_bytes = space.limits.max_body_bytes;
        if in_bytes > max_bytes {
            let message = format!("the message is larger than the {} that this space takes", limits::Bytes(max_bytes));
            return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message));
        }
        let wanted = Wanted::of(&model, &wanted(&request)?)?;
        let inputs = input::decode(&model, inputs(&mut request)?).await?;
        let call = Call {
            app: Arc::clone(&self.app),
            space: Arc::clone(space),
            endpoint: model.index,
            session: admitted.session.clone(),
            origin: Origin::current(),
            arrived,
            in_bytes,
        };
        Ok(Prepared { call, model, inputs, wanted, id: request.id })
    }

    /// All answers to one request of a stream: an error is one of them, and the stream goes on.
    async fn answers(
        self,
        admitted: Admitted,
        request: ModelInferRequest,
    ) -> BoxStream<'static, ModelStreamInferResponse> {
        let request_id = request.id.clone();
        let Prepared { model, call, inputs, wanted, id } = match self.prepare(&admitted, request).await {
            Ok(prepared) => prepared,
            Err(error) => return stream::once(async { failed(error, request_id) }).boxed(),
        };
        if !model.endpoint().streams {
            let (result, _) = batching::run(&call, inputs).await;
            let answer = match result {
                Ok(values) => answered(&model, &id, &wanted, values, true),
                Err(error) => failed(ApiError::from(&*error), id),
            };
            return stream::once(async { answer }).boxed();
        }
        let updates = call.updates(inputs).filter_map(move |update| {
            let answer = match update {
                Update::Queued { .. } | Update::Progress { .. } => None,
                Update::Output(values) => Some(answered(&model, &id, &wanted, values, false)),
                Update::Done(Ok(values), _) => Some(answered(&model, &id, &wanted, values, true)),
                Update::Done(Err(error), _) => Some(failed(error.into(), id.clone())),
            };
            std::future::ready(answer)
        });
        updates.boxed()
    }
}

/// An answer in a stream. What a partial output leaves as it was is left out.
fn answered(model: &Model, id: &str, wanted: &Wanted, values: Vec<Value>, is_final: bool) -> ModelStreamInferResponse {
    let mut answer = outputs(model, id, wanted, values, is_final);
    set_final(&mut answer, is_final);
    ModelStreamInferResponse { error_message: String::new(), infer_response: Some(answer) }
}

fn failed(error: ApiError, id: String) -> ModelStreamInferResponse {
    let mut answer = ModelInferResponse { id, ..ModelInferResponse::default() };
    set_final(&mut answer, true);
    ModelStreamInferResponse { error_message: status(error).message().to_owned(), infer_response: Some(answer) }
}

fn outputs(model: &Model, id: &str, wanted: &Wanted, values: Vec<Value>, with_empty: bool) -> ModelInferResponse {
    let mut answer = response(model, id);
    let mut values: Vec<_> = values.into_iter().map(Some).collect();
    let mut n_bytes = 0;
    for (index, _) in &wanted.0 {
        match values[*index].take() {
            Some(Value::Null) if !with_empty => {}
            Some(value) => n_bytes += push(&mut answer, Output::of(&model.endpoint().outputs[*index], value)),
            None => {}
        }
    }
    model.space.meters.answered(n_bytes);
    answer
}

fn admitted<T>(request: &Request<T>) -> Result<Admitted, Status> {
    let admitted = request.extensions().get::<Admitted>().cloned();
    admitted.ok_or_else(|| Status::internal("the request came past the door"))
}

fn tensor(tensor: TensorDescription) -> TensorMetadata {
    TensorMetadata { name: tensor.name, datatype: tensor.datatype.to_string(), shape: tensor.shape }
}

#[async_trait]
impl GrpcInferenceService for Service {
    async fn server_live(&self, _: Request<ServerLiveRequest>) -> Result<Response<ServerLiveResponse>, Status> {
        Ok(Response::new(ServerLiveResponse { live: true }))
    }

    async fn server_ready(&self, _: Request<ServerReadyRequest>) -> Result<Response<ServerReadyResponse>, Status> {
        Ok(Response::new(ServerReadyResponse { ready: !self.app.draining() }))
    }

    async fn model_ready(&self, request: Request<ModelReadyRequest>) -> Result<Response<ModelReadyResponse>, Status> {
        let caller = admitted(&request)?.caller;
        let ModelReadyRequest { name, version } = request.into_inner();
        match self.model(caller, &name, &version).await {
            Ok(_) => Ok(Response::new(ModelReadyResponse { ready: true })),
            Err(error) if error.status == StatusCode::NOT_FOUND => {
                Ok(Response::new(ModelReadyResponse { ready: false }))
            }
            Err(error) => Err(status(error)),
        }
    }

    async fn server_metadata(
        &self,
        _: Request<ServerMetadataRequest>,
    ) -> Result<Response<ServerMetadataResponse>, Status> {
        Ok(Response::new(ServerMetadataResponse {
            name: PLATFORM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            extensions: EXTENSIONS.map(str::to_owned).to_vec(),
        }))
    }

    async fn model_metadata(
        &self,
        request: Request<ModelMetadataRequest>,
    ) -> Result<Response<ModelMetadataResponse>, Status> {
        let caller = admitted(&request)?.caller;
        let ModelMetadataRequest { name, version } = request.into_inner();
        let model = self.model(caller, &name, &version).await.map_err(status)?;
        let Description { name, version, inputs, outputs, .. } = Description::of(&model);
        Ok(Response::new(ModelMetadataResponse {
            name,
            versions: vec![version],
            platform: PLATFORM.to_owned(),
            inputs: inputs.into_iter().map(tensor).collect(),
            outputs: outputs.into_iter().map(tensor).collect(),
        }))
    }

    async fn model_infer(&self, request: Request<ModelInferRequest>) -> Result<Response<ModelInferResponse>, Status> {
        // Held until the answer: the message counts for as long.
        let admitted = admitted(&request)?;
        let prepared = self.prepare(&admitted, request.into_inner()).await.map_err(status)?;
        let Prepared { model, call, inputs, wanted, id } = prepared;
        let (result, _) = batching::run(&call, inputs).await;
        let values = result.map_err(|error| status(ApiError::from(&*error)))?;
        Ok(Response::new(outputs(&model, &id, &wanted, values, true)))
    }

    type ModelStreamInferStream = BoxStream<'static, Result<ModelStreamInferResponse, Status>>;

    async fn model_stream_infer(
        &self,
        request: Request<Streaming<ModelInferRequest>>,
    ) -> Result<Response<Self::ModelStreamInferStream>, Status> {
        let admitted = admitted(&request)?;
        let service = self.clone();
        let app = Arc::clone(&self.app);
        // One after the other: answers come in the order of the requests, and a client has one message in memory.
        let answers = request
            .into_inner()
            // A stream has no end of its own, so a server that stops takes no further request from it.
            .take_until(async move { app.drained().await })
            .flat_map(move |request| match request {
                Ok(request) => {
                    let answers = service.clone().answers(admitted.clone(), request);
                    answers.into_stream().flatten().map(Ok).boxed()
                }
                Err(error) => stream::once(async { Err(error) }).boxed(),
            });
        Ok(Response::new(answers.boxed()))
    }

    async fn model_config(
        &self,
        request: Request<ModelConfigRequest>,
    ) -> Result<Response<ModelConfigResponse>, Status> {
        let caller = admitted(&request)?.caller;
        let ModelConfigRequest { name, version } = request.into_inner();
        let model = self.model(caller, &name, &version).await.map_err(status)?;
        Ok(Response::new(ModelConfigResponse { config: Some(config(&model)) }))
    }

    async fn model_statistics(
        &self,
        request: Request<ModelStatisticsRequest>,
    ) -> Result<Response<ModelStatisticsResponse>, Status> {
        let caller = admitted(&request)?.caller;
        let ModelStatisticsRequest { name, version } = request.into_inner();
        let models = if name.is_empty() {
            loaded_models(&self.app, caller, None).await
        } else {
            self.model(caller, &name, &version).await.map(|model| vec![model])
        };
        let of_one = |model: &Model| {
            let Statistics { name, version, inferences, executions } = Statistics::of(model);
            ModelStatistics {
                name,
                version,
                last_inference: 0,
                inference_count: inferences,
                execution_count: executions,
            }
        };
        let model_stats = models.map_err(status)?.iter().map(of_one).collect();
        Ok(Response::new(ModelStatisticsResponse { model_stats }))
    }

    async fn repository_index(
        &self,
        request: Request<RepositoryIndexRequest>,
    ) -> Result<Response<RepositoryIndexResponse>, Status> {
        let caller = admitted(&request)?.caller;
        let spaces = list(&self.app, caller, None).await.map_err(status)?;
        let models = spaces.into_iter().map(|space| ModelIndex {
            name: space_name(&space.id),
            version: space.revision.to_string(),
            state: "READY".to_owned(),
            reason: String::new(),
        });
        Ok(Response::new(RepositoryIndexResponse { models: models.collect() }))
    }
}
