//! Every page: for everybody, on a desk and on a phone, by day and by night, without complaints.

use super::demo::Demo;
use super::visitor::{DESK, PHONE, Scheme, Scripts, Visitor};
use super::{axe, sight};
use crate::served::Served;

/// Pages of an organization, from its address on.
const PAGES: [&str; 9] = [
    "",
    "/mapping",
    "/mapping?show=proposed",
    "/people",
    "/people/new",
    "/connections",
    "/connections/new",
    "/changes",
    "/settings",
];

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
    let mut review = Inspection::new();
    for path in [&format!("setup/{link}"), "sign-in", "keyboard", "explain"] {
        visitor.go(&format!("{address}{path}")).await;
        review.inspect(&visitor, path.split('/').next().unwrap_or_default()).await;
    }
    review.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_an_organization_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let mut review = Inspection::new();
    for path in PAGES {
        demo.go(path).await;
        review.inspect(&demo.visitor, path).await;
    }
    review.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_the_main_job_suit_everybody() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let visitor = &demo.visitor;
    let mut review = Inspection::new();
    demo.go("/mapping?show=proposed").await;
    visitor.click(&sight::control_starting("Why ")).await;
    visitor.see(&sight::class("why")).await;
    review.inspect(visitor, "why").await;
    visitor.click(&sight::control_starting("Accept for ")).await;
    visitor.see(&sight::words("will be mapped")).await;
    review.inspect(visitor, "draft").await;
    visitor.press("Review").await;
    visitor.see(&sight::heading("to review")).await;
    review.inspect(visitor, "review").await;
    demo.go("/mapping?show=unmapped").await;
    visitor.click(&sight::control_starting("Choose a")).await;
    visitor.see("//auto-complete//input").await;
    review.inspect(visitor, "type-ahead").await;
    review.end();
}

/// What is wrong with the pages looked at so far.
struct Inspection {
    axe: String,
    findings: Vec<String>,
}

impl Inspection {
    fn new() -> Self {
        Self { axe: axe::code(), findings: Vec::new() }
    }

    /// Looks at the page that is open, which is called `name`.
    async fn inspect(&mut self, visitor: &Visitor, name: &str) {
        for (width, size) in [(1440, DESK), (390, PHONE)] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                visitor.turn(size, scheme).await;
                let place = format!("{name} at {width}, {}", scheme.name());
                let found = axe::violations(visitor, &self.axe).await;
                self.findings.extend(found.iter().map(|it| format!("{place}: {it}")));
            }
            let wide = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth";
            let beyond = visitor.ask(wide).await;
            if beyond != 0 {
                self.findings.push(format!("{name} is {beyond} pixels wider than {width}"));
            }
        }
        visitor.turn(DESK, Scheme::Light).await;
        let complaints = visitor.complaints().await;
        self.findings.extend(complaints.iter().map(|it| format!("{name}: console: {it}")));
    }

    fn end(self) {
        let Self { findings, .. } = self;
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    }
}
