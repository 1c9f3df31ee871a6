//! The grid without a mouse.

use fantoccini::key::Key;
use url::Url;

use super::demo::Demo;
use super::sight;

/// The row that the keys act on.
const HERE: &str = "//tr[contains(@class, 'row-here')]";

#[tokio::test(flavor = "multi_thread")]
async fn the_grid_is_worked_by_keys_alone() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let visitor = &demo.visitor;
    demo.go("/mapping").await;
    let names =
        "return [...document.querySelectorAll('tr.person-row .who a')].map((it) => it.href)";
    let links = visitor.ask(names).await;
    let row = |at: usize| {
        let link = Url::parse(links[at].as_str().expect("people")).expect("an address");
        format!("{HERE}[.//a[@href='{}']]", link.path())
    };
    visitor.keys("j").await;
    visitor.see(&row(0)).await;
    visitor.keys("j").await;
    visitor.see(&row(1)).await;
    visitor.keys("k").await;
    visitor.see(&row(0)).await;

    // To the first seat that needs somebody, where it is a proposal: only such rows, and only
    // the connection of the first one.
    demo.go("/mapping?show=proposed").await;
    let why = visitor.see(sight::WHY_PROPOSED).await.attr("href").await;
    let why = why.expect("an attribute").expect("a link");
    let connection = why.split('/').nth(4).expect("a connection");
    demo.go(&format!("/mapping?show=proposed&connection={connection}"))
        .await;
    visitor.keys("s").await;
    visitor.see(HERE).await;
    visitor.key(Key::Enter).await;
    visitor.see(&sight::class("why")).await;
    visitor.keys("a").await;
    visitor.see(&sight::words("will be mapped")).await;
    visitor
        .see(&sight::inside("draft-bar", "//*[contains(., '1 change')]"))
        .await;
    visitor.see(&sight::without(&sight::class("why"))).await;
    visitor.keys("u").await;
    visitor
        .see(&sight::without(&sight::inside("draft-bar", "/*")))
        .await;
    visitor.keys("x").await;
    visitor.see(&sight::words("not this one")).await;
    visitor.keys("u").await;
    visitor
        .see(&sight::without(&sight::inside("draft-bar", "/*")))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_search_choose_explain_themselves_and_go_places() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let visitor = &demo.visitor;
    demo.go("/mapping?show=unmapped").await;
    visitor.keys("?").await;
    visitor
        .see("//dialog[@open]//*[contains(., 'Keyboard')]")
        .await;
    visitor.key(Key::Escape).await;
    visitor.see(&sight::without("//dialog[@open]")).await;

    // The type-ahead: words are sent to the server, arrows and Enter choose.
    let chooser = "return [...document.querySelectorAll('td.seat a[data-key=choose]')]\
                   .find((it) => it.textContent.includes('Choose')).getAttribute('href')";
    let link = visitor.ask(chooser).await;
    let connection = link
        .as_str()
        .and_then(|link| link.split('/').nth(4))
        .expect("a link to choose");
    demo.go(&format!("/mapping?show=unmapped&connection={connection}"))
        .await;
    visitor.keys("j").await;
    visitor.see(HERE).await;
    visitor.keys("c").await;
    let field = visitor.see("//auto-complete//input").await;
    let found = visitor.ask("return document.activeElement.name").await;
    assert_eq!(found, "search", "the field has the focus");
    field.send_keys("a").await.expect("a letter");
    visitor.see("//li[@role='option']").await;
    visitor.key(Key::Down).await;
    visitor
        .see("//li[@role='option'][@aria-selected='true']")
        .await;
    visitor.key(Key::Enter).await;
    visitor.see(&sight::words("will be mapped")).await;

    demo.go("/mapping").await;
    visitor.keys("/").await;
    let name = visitor.ask("return document.activeElement.name").await;
    assert_eq!(name, "q");
    // In a field, letters are letters.
    visitor.keys("gp").await;
    visitor.key(Key::Enter).await;
    visitor.see(&sight::heading("Nobody fits “gp”")).await;
    demo.go("/mapping").await;
    visitor.keys("gp").await;
    visitor.arrive_at("/people").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_queue_is_worked_by_keys_alone() {
    if super::is_skipped() {
        return;
    }
    let demo = Demo::open().await;
    let visitor = &demo.visitor;
    demo.go("/mapping").await;
    visitor.keys("gr").await;
    visitor.see(&sight::class("case")).await;
    let who = "return document.querySelector('.case').getAttribute('aria-label')";
    let first = visitor.ask(who).await;
    visitor.keys("s").await;
    let is_other = |name: &serde_json::Value| {
        let name = name.as_str().expect("a name");
        format!("//article[contains(@class, 'case')][@aria-label!=\"{name}\"]")
    };
    let is = |name: &serde_json::Value| {
        let name = name.as_str().expect("a name");
        format!("//article[contains(@class, 'case')][@aria-label=\"{name}\"]")
    };
    visitor.see(&is_other(&first)).await;
    visitor.keys("k").await;
    visitor.see(&is(&first)).await;
    visitor.keys("a").await;
    visitor.see(&sight::words("Decided, as change")).await;
    visitor.see(&is_other(&first)).await;
    visitor.keys("u").await;
    visitor.see(&sight::words("is undone")).await;
    visitor.see(&is(&first)).await;
    visitor.keys("r").await;
    visitor.see(&sight::words("Decided, as change")).await;
}
