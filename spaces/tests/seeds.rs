//! The seeds of the fuzz targets that need this package alone, through the same checks as in `make fuzz`.
#![cfg(feature = "store")]

#[path = "../../host/fuzz/src/bundle.rs"]
mod bundle;
#[path = "../../host/fuzz/src/close.rs"]
mod close;
#[path = "../../host/fuzz/src/manifest.rs"]
mod manifest;
#[path = "../../host/fuzz/src/message.rs"]
mod message;
#[path = "../../host/fuzz/src/seeds.rs"]
mod seeds;
#[path = "../../host/fuzz/src/source.rs"]
mod source;

#[test]
fn the_seeds_of_bundle_pass() {
    seeds::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/../host/fuzz/seeds/bundle"), bundle::check);
}

#[test]
fn the_seeds_of_manifest_pass() {
    seeds::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/../host/fuzz/seeds/manifest"), manifest::check);
}
