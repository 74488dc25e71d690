//! The border to the host: the runner as an app of the world `vitrine:space`.

mod allocator;
mod convert;

use std::sync::OnceLock;

use guest_sdk::bindings::{CallError as WitCallError, Context, SpaceDescription, Value as WitValue};
use guest_sdk::{App, assets as sdk_assets, export_app, inference as sdk_inference};
use spaces::value::{Tensor, Value};

use crate::assets::Assets;
use crate::{CallError, Runner};

/// The space that `init` loaded; frozen with the memory, so every call finds it.
static RUNNER: OnceLock<Runner> = OnceLock::new();

struct OnnxRunner;

export_app!(OnnxRunner);

impl App for OnnxRunner {
    fn init() -> Result<(), String> {
        let runner = allocator::clearing(|| Runner::load(&Bundle)).map_err(|error| error.message())?;
        RUNNER.set(runner).map_err(|_| "init ran twice".to_owned())
    }

    fn describe() -> SpaceDescription {
        convert::space(loaded().interface())
    }

    fn call(endpoint: &str, inputs: Vec<WitValue>, _context: Context) -> Result<Vec<WitValue>, WitCallError> {
        let inputs: Vec<Value> =
            inputs.into_iter().map(convert::value_from).collect::<Result<_, _>>().map_err(WitCallError::Failed)?;
        let outputs = loaded().call(endpoint, &inputs).map_err(|error| match error {
            CallError::InvalidInput { field, message } => WitCallError::InvalidInput((field, message)),
            CallError::Failed(message) => WitCallError::Failed(message),
        })?;
        Ok(outputs.into_iter().map(convert::value).collect())
    }
}

/// Asks the host to run the model in asset `path`.
///
/// # Errors
/// The host's reason, for the visitor.
pub(crate) fn infer(path: &str, inputs: Vec<(String, Tensor)>) -> Result<Vec<(String, Tensor)>, String> {
    let inputs: Vec<_> = inputs.into_iter().map(|(name, tensor)| convert::named_tensor(name, tensor)).collect();
    let outputs = sdk_inference::infer(path, &inputs).map_err(|error| match error {
        sdk_inference::Error::Denied(message)
        | sdk_inference::Error::BadModel(message)
        | sdk_inference::Error::BadInput(message)
        | sdk_inference::Error::Failed(message) => message,
    })?;
    Ok(outputs.into_iter().map(convert::named_tensor_from).collect())
}

/// The bundle, read through the host.
struct Bundle;

impl Assets for Bundle {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        sdk_assets::read(path).map_err(|error| match error {
            sdk_assets::Error::NotFound(closest) => {
                format!("the bundle has no file `{path}`: {closest}")
            }
            sdk_assets::Error::Unavailable(problem) => {
                format!("the file `{path}` cannot be read: {problem}")
            }
        })
    }

    fn paths(&self) -> Vec<String> {
        sdk_assets::list_paths()
    }

    fn contains(&self, path: &str) -> bool {
        // Virtual assets are read by name but need not be listed.
        self.paths().iter().any(|other| other == path) || (path.starts_with('.') && sdk_assets::read(path).is_ok())
    }
}

fn loaded() -> &'static Runner {
    RUNNER.get().expect("the host calls `init` before anything else")
}
