//! Publishing in the browser: what is dropped, what was found in it, and how the publish goes.

pub(crate) mod form;

/// Marked.
pub(crate) const NEEDS_SCRIPT: &str = "Publishing here needs JavaScript. \
    The command line needs none: `vitrine publish model.onnx --to you/name`";
pub(crate) const STEPS: &str = "Steps";
pub(crate) const DROP: &str = "Drop";
pub(crate) const DESCRIBE: &str = "Describe";
pub(crate) const PUBLISH: &str = "Publish";

/// Around the name of what is looked into.
pub(crate) const LOOKING_BEFORE: &str = "Looking into ";
pub(crate) const LOOKING_AFTER: &str = "…";
pub(crate) const LOOKING_LABEL: &str = "Looking into the file";

pub(crate) const DROP_LABEL: &str = "The model or app";
pub(crate) const DROP_FIRST: &str = "Drop a model or an app";
pub(crate) const DROP_ANOTHER: &str = "Drop another one";
/// Marked.
pub(crate) const DROP_HELP: &str = "An `.onnx` file, a `.wasm` component, or a folder or `.zip` with one of them. \
    It is looked at first, and nothing is kept before you publish.";
pub(crate) const CHOOSE_FOLDER: &str = "Choose a folder";

pub(crate) const NO_ARCHIVE: &str = "The archive cannot be changed here: unpack it, and drop its folder.";
pub(crate) const FILE_GONE: &str = "The browser cannot read the file. Has it changed, or gone?";
pub(crate) const UNREADABLE: &str = "The browser cannot read the file.";
pub(crate) const CANNOT_BUILD_UPLOAD: &str = "The browser cannot build the upload.";

pub(crate) fn too_large_for_archive(name: &str) -> String {
    format!("`{name}` is too large for an archive.")
}

pub(crate) const FOUND: &str = "What was found";
pub(crate) const PUBLISHABLE: &str = "It can be published.";
pub(crate) const NOT_PUBLISHABLE: &str = "It cannot be published yet.";
/// Before advice.
pub(crate) const WHAT_TO_DO: &str = "What to do: ";
/// A file's or a revision's, in other tables too.
pub(crate) const SIZE: &str = "Size";
pub(crate) const KIND: &str = "Kind";
pub(crate) const ONNX_MODEL: &str = "ONNX model";
pub(crate) const COMPONENT: &str = "WebAssembly component";
pub(crate) const OPERATOR_SET: &str = "Operator set";
pub(crate) const PARAMETERS: &str = "Parameters";
pub(crate) const NODES: &str = "Nodes";
pub(crate) const WRITTEN_BY: &str = "Written by";
pub(crate) const IN_THE_FILE: &str = "What the file says";
pub(crate) const GRAPH_INPUT: &str = "Graph input";
pub(crate) const GRAPH_OUTPUT: &str = "Graph output";
pub(crate) const SHAPE: &str = "Shape";
pub(crate) const OPERATORS: &str = "Operators";
/// Behind an operator, for those who do not see its colour.
pub(crate) const NOT_SUPPORTED: &str = " (not supported)";

pub(crate) fn n_more_files(n: usize) -> String {
    match n {
        1 => "1 more file".to_owned(),
        n => format!("{n} more files"),
    }
}

pub(crate) const PREVIEW: &str = "Preview";
pub(crate) const PREVIEW_HELP: &str = "Fill it in as you like; it runs once it is published.";

/// What the server does, step by step.
pub(crate) const RECEIVE: &str = "Upload";
pub(crate) const UNPACK: &str = "Unpack";
pub(crate) const RESOLVE: &str = "Read space.toml";
pub(crate) const VALIDATE: &str = "Check";
pub(crate) const SNAPSHOT: &str = "Load the model and freeze it";
pub(crate) const COMPILE: &str = "Compile";
pub(crate) const SMOKE: &str = "Call the examples";
pub(crate) const ACTIVATE: &str = "Go live";
pub(crate) const FAILED: &str = "failed";
pub(crate) const UNDER_1_MS: &str = "under 1 ms";

pub(crate) const PUBLISHING: &str = "Publishing…";
pub(crate) const DOWNLOAD_MANIFEST: &str = "Download space.toml";
pub(crate) const LOG_LABEL: &str = "The app's log";
/// Before `OPEN_SPACE`.
pub(crate) const IS_LIVE: &str = "It is live. ";
pub(crate) const OPEN_SPACE: &str = "Open the space";
pub(crate) const CONNECTION_ENDED: &str =
    "The connection ended before the publish was done. It may still go live: see its revisions.";
