//! What is refused of the records that can be written.

use super::load;
use super::sample::SAMPLE;

/// A note that is found among those about the same contact.
const NOTE: &str = r#"
[[activities]]
kind = "note"
title = "Note"
id = { pointer = "/id" }
read = { request = { path = "/of/{contact_id}" }, item = "/notes", id = "/id" }
owner = ["/by"]
find = { requests = [{ path = "/of/{contact_id}" }], items = "/notes", id = "/id", key = "/key", paging = { kind = "none", because = "one answer holds all" } }
write = { method = "POST", path = "/of/{contact_id}", json = '{"text": "{text}", "key": "{our_key}", "name": "{owner_name}"}' }
"#;

/// The problems of that note with one text in place of another.
fn problems_with(old: &str, new: &str) -> String {
    assert!(
        old.is_empty() || NOTE.contains(old),
        "the note has no {old:?}"
    );
    let manifest = format!("{SAMPLE}\n{}", NOTE.replacen(old, new, 1));
    load(&manifest)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn a_record_may_be_found_and_read_among_those_about_the_same_contact() {
    assert_eq!(problems_with("", ""), "");
    assert_eq!(
        problems_with("owner = [", "signed_in_owns = true\nowner = ["),
        ""
    );
}

#[test]
fn a_search_without_a_key_says_where_the_key_stands() {
    let problems = problems_with(", key = \"/key\"", "");
    assert!(problems.contains("it searches for nothing"), "{problems}");
}

#[test]
fn a_record_is_not_read_without_its_id() {
    let problems = problems_with("item = \"/notes\", id = \"/id\" }", "item = \"/notes\" }");
    assert!(
        problems.contains("the same record every time"),
        "{problems}"
    );
}

#[test]
fn what_is_always_the_signed_in_users_names_its_owner_in_the_text() {
    let without = NOTE.replacen(", \"name\": \"{owner_name}\"", "", 1);
    let manifest = format!("{SAMPLE}\n{without}\nsigned_in_owns = true\n");
    let problems = load(&manifest).err().map(|error| error.to_string());
    let problems = problems.unwrap_or_default();
    assert!(
        problems.contains("put {owner_name} into `write`"),
        "{problems}"
    );
}
