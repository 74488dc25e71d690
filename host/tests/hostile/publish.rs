//! P1–P13: what is uploaded.

mod apps;
mod crashes;
mod inspect;
mod uploads;

use std::fs;

use reqwest::blocking::Body;

use crate::harness::{Arena, Published, SAME};

pub(crate) use uploads::zip;

fn component(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

/// Publishes to the honest space, where it must be refused.
#[track_caller]
fn refused(arena: &Arena, upload: impl Into<Body>, status: u16, code: &str, words: &[&str]) -> Published {
    let published = arena.publish(SAME, "app.wasm", upload);
    published.refused(status, code, words);
    published
}

fn files(arena: &Arena, folder: &str) -> Vec<std::path::PathBuf> {
    fs::read_dir(arena.server.data.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The folders of publishes go away with them, a moment after their last event.
#[track_caller]
fn leaves_nothing(arena: &Arena) {
    arena.settles("nothing of a publish is left", || files(arena, "tmp").is_empty());
}

fn replace(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<_> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}
