//! The dynamic form of a space: for apps that know their interface only at run time.

use std::marker::PhantomData;

use crate::bindings::{CallError, Context, Guest, SpaceDescription, Value};
use crate::panic;

/// A space that describes itself at run time, such as a runner that reads its inputs from a model file.
///
/// Authors of ordinary spaces write functions under `#[guest_sdk::space]` instead. Export the type with
/// [`export_app!`](crate::export_app).
pub trait App: 'static {
    /// Loads the model; runs once, at publish. What it leaves in statics is what every call starts from.
    ///
    /// # Errors
    /// A message for the author; the publish stops with it.
    fn init() -> Result<(), String>;

    /// Describes the endpoints; runs once, after [`App::init`].
    fn describe() -> SpaceDescription;

    /// Serves one request, in an instance of its own.
    ///
    /// `inputs` are one per input of the endpoint, in order, already checked by the host against their
    /// components; outputs must be one per output, in order.
    ///
    /// # Errors
    /// [`CallError::InvalidInput`] names the input and what to do about it; [`CallError::Failed`] is anything else.
    fn call(endpoint: &str, inputs: Vec<Value>, context: Context) -> Result<Vec<Value>, CallError>;
}

/// Exports an [`App`] as the component's implementation of the world.
///
/// ```ignore
/// guest_sdk::export_app!(MyApp);
/// ```
#[macro_export]
macro_rules! export_app {
    ($app:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type VitrineComponent = $crate::__internal::Component<$app>;
    $crate::bindings::export!(VitrineComponent with_types_in $crate::bindings);
        };
    };
}

/// Free memory that a call finds, in bytes: enough for inputs and outputs that are no pictures.
const HEADROOM_BYTES: usize = 256 << 10;

/// Adapts an [`App`] to the generated trait.
#[doc(hidden)]
#[derive(Debug)]
pub struct Component<T>(PhantomData<T>);

impl<T: App> Guest for Component<T> {
    fn init() -> Result<(), String> {
        panic::report_to_host();
        T::init()?;
        // Freed at once, but the memory stays this much larger: a call that allocates no more need not grow it, which
        // would cost the host two system calls each time.
        drop(std::hint::black_box(Vec::<u8>::with_capacity(HEADROOM_BYTES)));
        Ok(())
    }

    fn describe() -> SpaceDescription {
        panic::report_to_host();
        T::describe()
    }

    fn call(endpoint: String, inputs: Vec<Value>, context: Context) -> Result<Vec<Value>, CallError> {
        panic::report_to_host();
        T::call(&endpoint, inputs, context)
    }
}
