//! The schemas of names, which are texts in JSON but types here.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::{Digest, SpaceId};

impl PartialSchema for SpaceId {
    fn schema() -> RefOr<Schema> {
        text("`owner/name`", "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?/[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$")
    }
}

impl ToSchema for SpaceId {
    fn name() -> Cow<'static, str> {
        "SpaceId".into()
    }
}

impl PartialSchema for Digest {
    fn schema() -> RefOr<Schema> {
        text("the SHA-256 of the upload", "^[0-9a-f]{64}$")
    }
}

impl ToSchema for Digest {
    fn name() -> Cow<'static, str> {
        "Digest".into()
    }
}

fn text(description: &str, pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description)).pattern(Some(pattern)).into()
}
