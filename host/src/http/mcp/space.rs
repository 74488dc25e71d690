//! A space as a server: its endpoints are the tools.

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

use super::{Visit, call, tools};
use crate::http::access::endpoint_index;
use crate::live::LiveSpace;

#[derive(Clone)]
pub(super) struct SpaceServer {
    pub(super) visit: Visit,
    pub(super) space: Arc<LiveSpace>,
}

impl ServerHandler for SpaceServer {
    fn get_info(&self) -> ServerConfig {
        let interface = &self.space.interface;
        let name = Implementation::new(self.space.id.to_string(), env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(name.with_title(interface.title.clone()))
            .with_instructions(format!("{}\n\n{}", interface.title, interface.documentation).trim())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list =
            ListToolsResult::with_all_items(self.space.interface.endpoints.iter().map(tools::tool).collect());
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.space.interface.endpoint(name).map(tools::tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let endpoint = endpoint_index(&self.space, &request.name)
            .map_err(|error| ErrorData::invalid_params(error.body.message, None))?;
        let arguments = request.arguments.unwrap_or_default();
        let result = call::run(&self.visit, Arc::clone(&self.space), endpoint, arguments, &context).await?;
        Ok(result.into())
    }
}
