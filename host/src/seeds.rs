//! The seeds of the fuzz targets that read requests and guests' values, through the same checks as in `make fuzz`.

#[path = "../fuzz/src/close.rs"]
mod close;
#[path = "../fuzz/src/message.rs"]
mod message;
#[path = "../fuzz/src/multipart.rs"]
mod multipart;
#[path = "../fuzz/src/seeds.rs"]
mod replaying;
#[path = "../fuzz/src/source.rs"]
mod source;
#[path = "../fuzz/src/values.rs"]
mod values;

#[test]
fn the_seeds_of_multipart_pass() {
    replaying::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/multipart"), multipart::check);
}

#[test]
fn the_seeds_of_values_pass() {
    replaying::replay(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/values"), values::check);
}
