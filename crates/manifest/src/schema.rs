//! The JSON Schema of manifests (draft 2020-12), for editors and for whoever reads the format.
//!
//! It follows from the types; what is read in a way of its own says here what it looks like.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{HeaderTemplate, JsonTemplate, Manifest, Pointer, Source, Template};

/// The schema of a `manifest.toml` of the present format.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Manifest);
    schema.insert("title".to_owned(), "Counterpart connector manifest".into());
    schema
}

impl JsonSchema for Template {
    fn schema_name() -> Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A text with inputs: `{name}` stands for the value of an input, `{{` and `}}` for the braces.",
        })
    }
}

impl JsonSchema for Pointer {
    fn schema_name() -> Cow<'static, str> {
        "Pointer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(/.*)?$",
            "description": "A JSON Pointer (RFC 6901): empty for the whole document.",
        })
    }
}

impl JsonSchema for JsonTemplate {
    fn schema_name() -> Cow<'static, str> {
        "JsonTemplate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "JSON, written as a text, in whose texts inputs stand. One that is an input and nothing else takes the input's type.",
        })
    }
}

impl JsonSchema for HeaderTemplate {
    fn schema_name() -> Cow<'static, str> {
        "HeaderTemplate".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let template = generator.subschema_for::<Template>();
        json_schema!({
            "description": "The value of a header: a text with inputs, or one and behind it another in base64.",
            "anyOf": [template, {
                "type": "object",
                "additionalProperties": false,
                "required": ["prefix", "base64"],
                "properties": { "prefix": { "type": "string" }, "base64": template },
            }],
        })
    }
}

impl JsonSchema for Source {
    fn schema_name() -> Cow<'static, str> {
        "Source".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let pointer = generator.subschema_for::<Pointer>();
        json_schema!({
            "description": "Where a value comes from: a place in a row, and the table that turns what stands there into a text.",
            "anyOf": [pointer, {
                "type": "object",
                "additionalProperties": false,
                "required": ["pointer", "lookup"],
                "properties": { "pointer": pointer, "lookup": { "type": "string" } },
            }],
        })
    }
}
