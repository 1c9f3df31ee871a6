//! Every page: for everybody, on a desk and on a phone, by day and by night, without complaints.

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

/// Collects what is wrong with pages.
struct Inspector {
    axe: String,
    findings: Vec<String>,
}

impl Inspector {
    fn new() -> Self {
        Self {
            axe: axe::code(),
            findings: Vec::new(),
        }
    }

    /// Fails with all that was found.
    fn report(self) {
        let Self { findings, .. } = self;
        assert!(
            findings.is_empty(),
            "{} findings:\n{}",
            findings.len(),
            findings.join("\n")
        );
    }
}

impl Companion for Inspector {
    async fn look(&mut self, visitor: &Visitor, name: &str) {
        for (width, size) in [(1440, DESK), (390, PHONE)] {
            for (scheme, rules) in [(Scheme::Light, Rules::All), (Scheme::Dark, Rules::Colours)] {
                visitor.turn(size, scheme).await;
                let found = axe::violations(visitor, &self.axe, rules).await;
                let place = format!("{name} at {width}, {}", scheme.name());
                self.findings
                    .extend(found.iter().map(|it| format!("{place}: {it}")));
            }
            let beyond = visitor
                .ask("const page = document.scrollingElement; return page.scrollWidth - page.clientWidth")
                .await;
            if beyond != 0 {
                self.findings
                    .push(format!("{name} is {beyond} pixels wider than {width}"));
            }
        }
        visitor.turn(DESK, Scheme::Light).await;
        let complaints = visitor.complaints().await;
        self.findings
            .extend(complaints.iter().map(|it| format!("{name}: console: {it}")));
    }
}
