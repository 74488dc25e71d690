//! What an author may do about an upload that cannot be published.
//!
//! Messages name what is at fault; most say what to do as well. This adds how to export differently.

use spaces::store::AppKind;

/// The advice for a problem; none where its message says all.
pub(super) fn advice(code: &str, message: &str, kind: Option<AppKind>) -> Option<String> {
    let advice = match code {
        "app_not_onnx" => {
            "Save the model as ONNX: torch.onnx.export(model, example, \"model.onnx\", dynamo=True) from PyTorch, \
             skl2onnx.to_onnx(model, x[:1]) from scikit-learn, or `optimum-cli export onnx` from Hugging Face. A \
             .pt, .pkl or .safetensors file that is only renamed is none."
        }
        "bundle_file_type" => {
            "Drop a model as .onnx, an app as a .wasm component, or a folder (or .zip) with one of them and space.toml."
        }
        "app_core_module" | "app_not_component" | "not_a_component" => {
            "Build the app with `vitrine build`, which makes a component; for another language, wrap its module with \
             `wasm-tools component new`."
        }
        "app_missing" => "Put the model (.onnx) or the app (.wasm) into the folder beside space.toml.",
        "app_ambiguous" => "Name the one that is the app in space.toml: app = \"model.onnx\".",
        "forbidden_imports" => {
            "Apps run without files, network and environment. Leave out what needs them, or read files of the bundle \
             through `assets` of the guest SDK."
        }
        "contract_mismatch" => "Implement the world `vitrine:space`: `vitrine new` makes an app that does.",
        "invalid_manifest" => "Mend that line of space.toml, and drop the folder again.",
        "worker_out_of_memory" | "worker_out_of_time" | "publish_deadline_exceeded" => {
            "Make the model smaller: export it as float16 or quantised, or a smaller variant of it."
        }
        "init_failed" if message.contains("is not supported") => {
            "Every operator at fault is marked in the list below. With torch.onnx.export, try another `opset_version` \
             (13 to 17 fit best); of a custom layer, write the forward pass with plain tensor operations."
        }
        "init_failed" if message.contains("shapes do not fit") || message.contains("cannot be optimised") => {
            "Export with fixed dimensions: leave out `dynamic_axes`, or run onnxsim.simplify(model) on the file."
        }
        "init_failed" if message.contains("protobuf") || message.contains("not an ONNX model") => {
            "The file is damaged: export or copy it again, and check it with onnx.checker.check_model(path)."
        }
        "init_failed" if kind == Some(AppKind::Onnx) => {
            "Check the file with onnx.checker.check_model(path, full_check=True), and export it again."
        }
        _ => return None,
    };
    Some(advice.to_owned())
}
