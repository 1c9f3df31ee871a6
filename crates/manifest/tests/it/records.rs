//! Records that are written: what may stand in their requests.

use crate::load;
use crate::sample::SAMPLE;

/// A note that lies below a ticket.
const NOTE: &str = r#"
[[activities]]
kind = "ticket_note"
title = "Note"
delivery = "B"
needs = ["ticket_id"]
id = { pointer = "/id" }
inputs = { day = { of = "started_at", time = "date" } }
write = { method = "POST", path = "/tickets/{ticket_id}/notes", json = '{"text": "{text}", "key": "{our_key}", "day": "{day}", "role": "{role}"}' }
read = { request = { path = "/tickets/{ticket_id}/notes/{record_id}" } }
owner = [{ each = "/people", when = { pointer = "/is", equals = ["owner"] }, pointer = "/id" }]
look_up = [{ input = "role", request = { path = "/users/{owner}/roles" }, rows = "/roles", value = "/id" }]
find = { items = "/notes", id = "/id", key = "/key", requests = [{ path = "/tickets/{ticket_id}/notes" }], paging = { kind = "none", because = "all notes of a ticket come at once" } }
"#;

#[track_caller]
fn refused(old: &str, new: &str, words: &str) {
    assert!(NOTE.contains(old), "the note has no {old:?}");
    let text = format!("{SAMPLE}{}", NOTE.replacen(old, new, 1));
    let problems = load(&text).expect_err("it is wrong").to_string();
    assert!(problems.contains(words), "{new:?} gave: {problems}");
}

#[test]
fn a_record_below_another_is_looked_up_for_read_and_found() {
    let manifest = load(&format!("{SAMPLE}{NOTE}")).unwrap_or_else(|error| panic!("{error}"));
    let look_up = &manifest.activities[0].look_up[0];
    assert!(look_up.request.inputs().contains("owner"));
}

#[test]
fn what_is_looked_up_has_a_name_of_its_own_and_asks_for_what_is_known() {
    refused(
        r#"input = "role""#,
        r#"input = "subject""#,
        "cannot be the name of an input",
    );
    refused(
        r#"input = "role""#,
        r#"input = "roles""#,
        "there is no input `{role}`",
    );
    refused(
        "/users/{owner}/roles",
        "/users/{subject}/roles",
        "there is no input `{subject}`",
    );
    let named = r#"named = { by = "shop", pointer = "/name" }, rows = "/roles""#;
    refused(r#"rows = "/roles""#, named, "there is no setting `shop`");
}

#[test]
fn a_list_that_is_searched_for_a_key_is_about_something() {
    refused(
        r#"[{ path = "/tickets/{ticket_id}/notes" }]"#,
        r#"[{ path = "/notes" }]"#,
        "searches for nothing",
    );
    refused(r#"key = "/key", "#, "", "searches for nothing");
}

#[test]
fn only_moments_are_spelled_in_several_ways() {
    refused(
        r#"of = "started_at""#,
        r#"of = "subject""#,
        "only `started_at` and `ended_at`",
    );
}
