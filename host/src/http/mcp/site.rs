//! The whole host as a server: finding, describing and calling spaces.

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, JsonObject,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Resource, ResourceContents, ResourceTemplate,
    ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use spaces::SpaceId;
use spaces::interface::Endpoint;
use spaces::schema::{self, Files};
use spaces::store::{Audience, Search};
use spaces::view::SpaceSummary;

use super::{Visit, call, tools};
use crate::http::access::{endpoint_index, may_use, usable_space};
use crate::http::error::ApiError;

/// Spaces that a search tells when the caller does not say …
const DEFAULT_LIMIT: usize = 10;
/// … and at most, as many as are listed as resources.
const MAX_LIMIT: usize = 100;
/// What the addresses of spaces begin with.
const URI: &str = "vitrine://spaces/";

#[derive(Clone)]
pub(super) struct SiteServer {
    pub(super) visit: Visit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchArguments {
    #[serde(default)]
    text: String,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescribeArguments {
    space: SpaceId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallArguments {
    space: SpaceId,
    endpoint: String,
    #[serde(default)]
    inputs: JsonObject,
}

impl ServerHandler for SiteServer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("vitrine", env!("CARGO_PKG_VERSION")).with_title("Vitrine"))
            .with_instructions(
                "This server runs spaces: models and tools, each with typed endpoints. Find one with `search_spaces`, \
                 read what it takes with `describe_space`, then use it with `call_space`.",
            )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(site_tools()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        site_tools().into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let result = match request.name.as_ref() {
            "search_spaces" => self.search(arguments).await,
            "describe_space" => self.describe(arguments).await,
            "call_space" => return self.call(arguments, &context).await.map(Into::into),
            name => {
                let message =
                    format!("there is no tool `{name}`; there are search_spaces, describe_space and call_space");
                return Err(ErrorData::invalid_params(message, None));
            }
        };
        Ok(result.unwrap_or_else(|error| call::failed(&self.visit, &error)).into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let spaces = self.find("", MAX_LIMIT).await.map_err(|error| self.refused(&error))?;
        let resource = |space: &SpaceSummary| {
            Resource::new(format!("{URI}{}", space.id), space.id.to_string())
                .with_title(space.title.clone())
                .with_description(space.summary.clone())
                .with_mime_type("application/json")
        };
        let mut list = ListResourcesResult::with_all_items(spaces.iter().map(resource).collect());
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let template = ResourceTemplate::new(format!("{URI}{{owner}}/{{name}}"), "space")
            .with_description("A space: its endpoints, what they take and what they give")
            .with_mime_type("application/json");
        Ok(ListResourceTemplatesResult::with_all_items(vec![template]))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let unknown = || ErrorData::resource_not_found(format!("there is no resource `{}`", request.uri), None);
        let id: SpaceId = request.uri.strip_prefix(URI).and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
        let text = self.description(&id).await.map_err(|error| self.refused(&error))?.to_string();
        let contents = ResourceContents::text(text, request.uri).with_mime_type("application/json");
        Ok(ReadResourceResult::new(vec![contents]).into())
    }
}

impl SiteServer {
    async fn search(&self, arguments: JsonObject) -> Result<CallToolResult, ApiError> {
        let SearchArguments { text, limit } = read(arguments)?;
        let spaces = self.find(&text, limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).await?;
        let one = |space: &SpaceSummary| json!({ "space": space.id, "title": space.title, "summary": space.summary, "tags": space.tags });
        Ok(CallToolResult::structured(json!({ "spaces": spaces.iter().map(one).collect::<Vec<_>>() })))
    }

    async fn describe(&self, arguments: JsonObject) -> Result<CallToolResult, ApiError> {
        let DescribeArguments { space } = read(arguments)?;
        Ok(CallToolResult::structured(self.description(&space).await?))
    }

    async fn call(
        &self,
        arguments: JsonObject,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let found = async {
            let CallArguments { space, endpoint, inputs } = read(arguments)?;
            let space = usable_space(&self.visit.app, self.visit.caller, &space).await?;
            let endpoint = endpoint_index(&space, &endpoint)?;
            Ok::<_, ApiError>((space, endpoint, inputs))
        };
        match found.await {
            Ok((space, endpoint, inputs)) => call::run(&self.visit, space, endpoint, inputs, context).await,
            Err(error) => Ok(call::failed(&self.visit, &error)),
        }
    }

    /// The spaces that the caller may find.
    async fn find(&self, text: &str, limit: usize) -> Result<Vec<SpaceSummary>, ApiError> {
        let audience = Audience::from(self.visit.caller);
        let page = self.visit.app.store.search(&Search { text, audience, limit, ..Search::default() }).await?;
        Ok(page.spaces)
    }

    async fn description(&self, id: &SpaceId) -> Result<Json, ApiError> {
        let Visit { app, caller, .. } = &self.visit;
        let detail = app.store.space(id, &app.limits).await?;
        let detail = detail.filter(|detail| may_use(*caller, detail.summary.visibility));
        let detail = detail.ok_or_else(|| ApiError::no_space(id))?;
        let endpoint = |endpoint: &Endpoint| {
            let tool = tools::tool(endpoint);
            json!({
                "endpoint": endpoint.name,
                "title": endpoint.title,
                "description": tool.description,
                "inputs": tool.input_schema.as_ref(),
                "outputs": schema::outputs(endpoint, Files::Apart),
            })
        };
        Ok(json!({
            "space": id,
            "title": detail.summary.title,
            "description": detail.interface.documentation,
            "license": detail.license,
            "endpoints": detail.interface.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        }))
    }

    fn refused(&self, error: &ApiError) -> ErrorData {
        error.log(&self.visit.origin.id);
        ErrorData::invalid_params(error.body.message.clone(), None)
    }
}

fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, ApiError> {
    serde_json::from_value(Json::Object(arguments)).map_err(|error| {
        ApiError::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", format!("the arguments: {error}"))
    })
}

fn site_tools() -> Vec<Tool> {
    let space = json!({ "type": "string", "description": "the space as `owner/name`" });
    let safe = || ToolAnnotations::new().read_only(true).destructive(false).open_world(false);
    let tool = |name: &'static str, description: &'static str, properties: Json, required: Json| {
        let schema = json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        });
        Tool::new(name, description, tools::as_object(schema)).with_annotations(safe())
    };
    vec![
        tool(
            "search_spaces",
            "Finds spaces by words in their names, titles, summaries and tags; without words, the newest ones.",
            json!({
                "text": { "type": "string", "description": "words, all of which must occur" },
                "limit": { "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT },
            }),
            json!([]),
        ),
        tool(
            "describe_space",
            "Says what a space does, and gives the JSON Schemas of what each of its endpoints takes and gives.",
            json!({ "space": space }),
            json!(["space"]),
        ),
        tool(
            "call_space",
            "Calls an endpoint of a space with inputs that fit the schema that `describe_space` gives.",
            json!({
                "space": space,
                "endpoint": { "type": "string", "description": "the endpoint's name" },
                "inputs": { "type": "object", "description": "one key per input" },
            }),
            json!(["space", "endpoint"]),
        ),
    ]
}
