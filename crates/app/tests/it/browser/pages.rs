//! Every page: for everybody, on a desk and on a phone, by day and by night, without complaints.

use std::collections::BTreeMap;

use serde_json::json;

use super::axe::{self, Rules};
use super::demo::Demo;
use super::tour::{self, Companion};
use super::visitor::{DESK, PHONE, Scheme, Scripts, Visitor};
use crate::served::Served;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_pages_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = Served::start(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let address = server.says("Counterpart serves ");
    let link = server.says(&format!("{address}setup/"));
    let visitor = Visitor::arrive(Scripts::On).await;
    let mut inspector = Inspector::new();
    let pages = [
        ("set-up", format!("setup/{link}")),
        ("sign-in", "sign-in".to_owned()),
        ("keyboard", "keyboard".to_owned()),
        ("codes", "explain".to_owned()),
    ];
    for (name, path) in pages {
        visitor.go(&format!("{address}{path}")).await;
        inspector.look(&visitor, name).await;
    }
    inspector.report();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mapping_pages_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let mut inspector = Inspector::new();
    tour::mapping(&demo, &mut inspector).await;
    inspector.report();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_pages_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let mut inspector = Inspector::new();
    tour::others(&demo, &mut inspector).await;
    inspector.report();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_that_keep_mappings_true_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let mut inspector = Inspector::new();
    tour::upkeep(&demo, &mut inspector).await;
    inspector.report();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_changes_that_wait_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let mut inspector = Inspector::new();
    tour::second_person(&demo, &mut inspector).await;
    inspector.report();
}

/// Asks for the first elements beyond the window's edge, if that makes the page scroll sideways.
const BEYOND: &str = "
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const beyond = [...document.querySelectorAll('main *')]
        .filter((it) => it.getBoundingClientRect().right > page.clientWidth + 1);
    return beyond.slice(0, 3).map((it) => it.outerHTML.slice(0, 100));";

/// Collects what is wrong with pages.
struct Inspector {
    axe: String,
    /// Each with where it was found; most are found on every page or on none.
    findings: BTreeMap<String, Vec<String>>,
}

impl Inspector {
    fn new() -> Self {
        Self {
            axe: axe::code(),
            findings: BTreeMap::new(),
        }
    }

    fn found(&mut self, findings: impl IntoIterator<Item = String>, place: &str) {
        for finding in findings {
            self.findings
                .entry(finding)
                .or_default()
                .push(place.to_owned());
        }
    }

    /// Fails with all that was found.
    fn report(self) {
        let lines = self.findings.iter();
        let lines: Vec<String> = lines
            .map(|(finding, places)| format!("{finding}\n    on {}", places.join("; ")))
            .collect();
        assert!(
            lines.is_empty(),
            "{} findings:\n{}",
            lines.len(),
            lines.join("\n")
        );
    }
}

impl Companion for Inspector {
    async fn look(&mut self, visitor: &Visitor, name: &str) {
        for (width, size) in [(1440, DESK), (390, PHONE)] {
            for (scheme, rules) in [(Scheme::Light, Rules::All), (Scheme::Dark, Rules::Colours)] {
                visitor.turn(size, scheme).await;
                let place = format!("{name} at {width}, {}", scheme.name());
                self.found(axe::violations(visitor, &self.axe, rules).await, &place);
            }
            let beyond = visitor.ask(BEYOND).await;
            if beyond != json!([]) {
                self.found(
                    [format!("wider than the window: {beyond}")],
                    &format!("{name} at {width}"),
                );
            }
        }
        visitor.turn(DESK, Scheme::Light).await;
        self.found(visitor.complaints().await, name);
    }
}
