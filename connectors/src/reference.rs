//! `docs/manifest.md`: every key that a manifest can have, with what its type says of it and an
//! example out of a manifest that is in use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::FOLDERS;

/// What stands above the tables.
const INTRODUCTION: &str = "\
# The connector manifest

A `manifest.toml` describes one system's API as data. It is read strictly: an unknown key, an \
unknown input, a list without stated paging are refused, all problems at once, each with its \
line. This page is written from the types that read it and from the manifests in \
[connectors/](../connectors/README.md), out of which its examples are; \
[manifest.schema.json](manifest.schema.json) is the same for editors (JSON Schema, draft 2020-12). \
How to write one: [CONTRIBUTING](../CONTRIBUTING.md#add-a-connector-in-an-hour).

The format is `manifest = 1`. Manifests of format 0 are still read: they are brought to format 1 \
before anything else looks at them.
";

/// Examples of keys that no shipped manifest uses.
const UNUSED: &[(&str, &str, &str)] = &[
    ("Action", "owner_id", "extension"),
    ("End, without", "without", "/continue_from"),
    ("End, last", "last", "/is_last"),
    ("ErrorRule", "content_type", "text/html"),
    ("ErrorRule", "header", "x-maintenance"),
    ("HostSource, fixed", "fixed", "https://api.acme.example"),
    ("RuleOfCrmUserState", "contains", r#"["disabled"]"#),
    ("RuleOfGone", "contains", r#"["deleted"]"#),
    ("RuleOfGone", "lookup", "states"),
    ("RuleOfNoticeKind", "lookup", "topics"),
    ("Search", "verify", "false"),
    ("Verify, hmac", "prefix", "sha1="),
    ("Verify, hmac", "tolerance_seconds", "300"),
];

/// An example, and in whose manifest it stands.
type Examples = BTreeMap<(String, String), (Value, &'static str)>;

struct Reference {
    definitions: Map<String, Value>,
    examples: Examples,
}

fn target(node: &Value) -> Option<&str> {
    node.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

impl Reference {
    /// Finds what a manifest says of every key of a type.
    fn collect(&mut self, name: &str, node: &Value, value: &Value, provider: &'static str) {
        if let Some(inner) = target(node).map(str::to_owned) {
            let node = self.definitions[&inner].clone();
            return self.collect(&inner, &node, value, provider);
        }
        for variants in ["anyOf", "oneOf"] {
            for variant in node[variants].as_array().into_iter().flatten() {
                if fits(variant, value) {
                    let named = variant_name(name, variant);
                    self.collect(&named, variant, value, provider);
                }
            }
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.collect(name, &node["items"], item, provider);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let property = &node["properties"][key];
                    if property.is_null() {
                        self.collect(name, &node["additionalProperties"], member, provider);
                        continue;
                    }
                    let place = (name.to_owned(), key.clone());
                    let short = |value: &Value| value.to_string().len();
                    let better = self.examples.get(&place).is_none_or(|(kept, _)| {
                        // Short enough to read, long enough to show something.
                        short(kept) > 60 && short(member) < short(kept)
                    });
                    if better {
                        self.examples.insert(place, (member.clone(), provider));
                    }
                    self.collect(name, property, member, provider);
                }
            }
            _ => {}
        }
    }

    fn section(&self, page: &mut String, name: &str, node: &Value) {
        let described = node["description"].as_str().unwrap_or_default();
        let _ = writeln!(page, "\n## {name}\n\n{}", one_line(described));
        let words = words_of(node);
        if !words.is_empty() {
            let _ = writeln!(page, "\n| Word | What |\n|---|---|");
            for (word, what) in words {
                let _ = writeln!(page, "| `{word}` | {} |", one_line(&what));
            }
        }
        self.table(page, name, node);
        for variants in ["oneOf", "anyOf"] {
            for variant in node[variants].as_array().into_iter().flatten() {
                if variant["properties"].is_object() {
                    let named = variant_name(name, variant);
                    let described = variant["description"].as_str().unwrap_or_default();
                    let _ = writeln!(page, "\n### {named}\n\n{}", one_line(described));
                    self.table(page, &named, variant);
                }
            }
        }
    }

    fn table(&self, page: &mut String, name: &str, node: &Value) {
        let Some(properties) = node["properties"].as_object() else {
            return;
        };
        let required: BTreeSet<_> = node["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let _ = writeln!(page, "\n| Key | Type | What | Example |\n|---|---|---|---|");
        for (key, property) in properties {
            if !property["const"].is_null() {
                continue;
            }
            let mark = if required.contains(key.as_str()) {
                ""
            } else {
                " *"
            };
            let example = self.example(name, key);
            let _ = writeln!(
                page,
                "| `{key}`{mark} | {} | {} | {example} |",
                type_of(property),
                one_line(property["description"].as_str().unwrap_or_default()),
            );
        }
    }

    fn example(&self, name: &str, key: &str) -> String {
        let place = (name.to_owned(), key.to_owned());
        let unused = UNUSED
            .iter()
            .find(|(of, its, _)| *of == name && *its == key);
        match (self.examples.get(&place), unused) {
            (Some((value, provider)), _) => {
                format!("`{}` ({provider})", code(&shortened(value)))
            }
            (None, Some((_, _, text))) => format!("`{}`", code(text)),
            (None, None) => String::new(),
        }
    }
}

/// Whether a variant of several can be what this value is.
fn fits(variant: &Value, value: &Value) -> bool {
    let Some(properties) = variant["properties"].as_object() else {
        return target(variant).is_some() && !value.is_null();
    };
    let Some(members) = value.as_object() else {
        return false;
    };
    let tags_fit = properties.iter().all(|(key, property)| {
        property["const"].is_null() || members.get(key) == Some(&property["const"])
    });
    tags_fit && members.keys().all(|key| properties.contains_key(key))
}

/// `SignIn` and its variant `keys`: `SignIn, keys`.
fn variant_name(name: &str, variant: &Value) -> String {
    if target(variant).is_some() {
        return name.to_owned();
    }
    let Some(properties) = variant["properties"].as_object() else {
        return name.to_owned();
    };
    let tag = properties
        .values()
        .find_map(|property| property["const"].as_str());
    let only = properties.keys().next().filter(|_| properties.len() == 1);
    match tag.or(only.map(String::as_str)) {
        Some(word) => format!("{name}, {word}"),
        None => name.to_owned(),
    }
}

/// The closed words of a type, with what each means.
fn words_of(node: &Value) -> Vec<(String, String)> {
    let plain = node["enum"].as_array().into_iter().flatten();
    let mut words: Vec<_> = plain
        .filter_map(|word| Some((word.as_str()?.to_owned(), String::new())))
        .collect();
    for variant in node["oneOf"].as_array().into_iter().flatten() {
        if let Some(word) = variant["const"].as_str() {
            let what = variant["description"].as_str().unwrap_or_default();
            words.push((word.to_owned(), what.to_owned()));
        }
        for word in variant["enum"].as_array().into_iter().flatten() {
            words.extend(word.as_str().map(|word| (word.to_owned(), String::new())));
        }
    }
    words
}

fn type_of(property: &Value) -> String {
    if let Some(name) = target(property) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(variants) = property["anyOf"].as_array() {
        let known: Vec<_> = variants
            .iter()
            .filter(|variant| variant["type"] != json!("null"))
            .map(type_of)
            .collect();
        return known.join(" or ");
    }
    let kind = match &property["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        Some("array") if property["prefixItems"].is_array() => "two texts".to_owned(),
        Some("array") => format!("list of {}", type_of(&property["items"])),
        Some("object") => format!("table of {}", type_of(&property["additionalProperties"])),
        Some("boolean") => "true or false".to_owned(),
        Some("integer") => "number".to_owned(),
        Some("string") => "text".to_owned(),
        _ => "any value".to_owned(),
    }
}

/// A value as TOML would have it in one line, cut where it is long.
fn shortened(value: &Value) -> String {
    let text = in_line(value).replace('\n', " ");
    if text.chars().count() <= 90 {
        return text;
    }
    let cut: String = text.chars().take(87).collect();
    format!("{cut} …")
}

fn in_line(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(in_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, member)| format!("{key} = {}", in_line(member)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

fn code(text: &str) -> String {
    text.replace('|', "\\|").replace('`', "'")
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// The page, and the keys without an example.
fn reference() -> (String, Vec<String>) {
    let schema = json!(counterpart_manifest::schema::schema());
    let mut reference = Reference {
        definitions: schema["$defs"].as_object().cloned().unwrap_or_default(),
        examples: Examples::new(),
    };
    for folder in FOLDERS {
        let table: toml::Table = toml::from_str(folder.manifest).expect("a manifest is TOML");
        let provider = folder.file.split('/').nth(1).expect("a folder's name");
        reference.collect("Manifest", &schema, &json!(table), provider);
    }
    let mut page = INTRODUCTION.to_owned();
    let _ = writeln!(page, "\nKeys marked * may be left out.");
    let mut root = schema.clone();
    if let Some(members) = root.as_object_mut() {
        members.remove("$defs");
    }
    reference.section(&mut page, "Manifest", &root);
    for (name, node) in &reference.definitions {
        reference.section(&mut page, name, node);
    }
    let without = page.lines().filter(|line| line.ends_with("|  |"));
    let without = without.map(str::to_owned).collect();
    (page, without)
}

/// The page in the repository is the one that types and manifests give. `UPDATE_CONNECTORS=1`
/// writes it anew.
#[test]
fn the_reference_of_manifests_is_up_to_date_and_every_key_has_an_example() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/manifest.md");
    let (page, without) = reference();
    if std::env::var_os("UPDATE_CONNECTORS").is_some() {
        std::fs::write(file, &page).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        kept == page,
        "docs/manifest.md is not what the types say; run UPDATE_CONNECTORS=1 cargo test -p counterpart-connectors up_to_date"
    );
    assert!(
        without.is_empty(),
        "keys without an example:\n{}",
        without.join("\n")
    );
}
