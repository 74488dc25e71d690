//! The low level: Rust types and functions generated from the WIT world.
//!
//! Imports are in [`vitrine::space`], one module per WIT interface. Natively each import panics; the modules
//! of this crate ([`crate::log`], [`crate::assets`], …) also work there, so prefer them.
#![expect(
    missing_docs,
    clippy::too_many_arguments,
    reason = "generated; the WIT files carry the documentation and decide on the arguments"
)]

wit_bindgen::generate!({
    path: "wit",
    world: "space",
    pub_export_macro: true,
    default_bindings_module: "guest_sdk::bindings",
    runtime_path: "::wit_bindgen::rt",
    generate_unused_types: true,
    generate_all,
    additional_derives: [PartialEq],
});
