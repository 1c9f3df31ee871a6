//! `/keyboard`: what the keys do.

use askama::Template;
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;

use crate::App;
use crate::problem::Answer;
use crate::request::wants_fragment;
use crate::shell::show;

/// Keys, and what they do.
const KEYS: [(&str, &str); 16] = [
    ("/", "search"),
    ("j k", "next and previous person; the arrows do the same"),
    ("h l", "connection to the left and right"),
    ("s", "skip to the next seat that needs you"),
    ("Enter", "why, or choose where there is nothing to explain"),
    ("a", "accept what is proposed"),
    ("A", "accept everything that is proposed on the page"),
    ("x", "reject it: this is somebody else"),
    ("c", "choose a user"),
    ("u", "undo the change in your draft"),
    (
        "1 9",
        "in the review: choose the candidate or repair of that number",
    ),
    (
        "r",
        "in the review: reject, or go there behind g; Enter accepts",
    ),
    ("g o", "go to the overview"),
    (
        "g m",
        "go to the mapping; g r review, g p people, g c connections, g h changes, g s settings",
    ),
    ("Esc", "leave the choice, close a message"),
    ("?", "this list"),
];

#[derive(Template)]
#[template(path = "keyboard/page.html")]
struct Page {
    keys: &'static [(&'static str, &'static str)],
}

#[derive(Template)]
#[template(path = "keyboard/fragment.html")]
struct Fragment {
    keys: &'static [(&'static str, &'static str)],
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/keyboard", get(keyboard))
}

/// `GET /keyboard`
async fn keyboard(headers: HeaderMap) -> Answer {
    if wants_fragment(&headers) {
        show(&Fragment { keys: &KEYS })
    } else {
        show(&Page { keys: &KEYS })
    }
}
