//! A walk over the pages, with stops for whoever looks at them.

use super::demo::Demo;
use super::sight;
use super::visitor::Visitor;

/// Whoever looks.
pub(super) trait Companion {
    /// Looks at the page that is open, which is called `name`.
    async fn look(&mut self, visitor: &Visitor, name: &str);
}

/// The grid and what belongs to it.
pub(super) async fn mapping(demo: &Demo, companion: &mut impl Companion) {
    let visitor = &demo.visitor;
    demo.go("/mapping").await;
    companion.look(visitor, "mapping").await;
    demo.go("/mapping?show=proposed").await;
    visitor.click(sight::WHY_PROPOSED).await;
    visitor.see(&sight::class("why")).await;
    companion.look(visitor, "why").await;
    visitor.click(&sight::control_starting("Accept for ")).await;
    visitor.see(&sight::words("will be mapped")).await;
    companion.look(visitor, "draft").await;
    visitor.press("Review").await;
    visitor.see(&sight::heading("to review")).await;
    companion.look(visitor, "review").await;
    demo.go("/mapping?show=unmapped").await;
    visitor.click(CHOOSE).await;
    visitor.see("//li[@role='option']").await;
    companion.look(visitor, "type-ahead").await;
    demo.go("/mapping?show=unmapped").await;
    let link = visitor
        .see(CHOOSE)
        .await
        .attr("href")
        .await
        .expect("a link");
    let link = demo.root.join(&link.expect("a link")).expect("an address");
    visitor.go(link.as_str()).await;
    companion.look(visitor, "choose").await;
    visitor.go(&link.as_str().replace("/choose", "/why")).await;
    companion.look(visitor, "why-page").await;
    demo.go("/mapping?show=needs-you&sort=department").await;
    visitor.press("Save this view").await;
    companion.look(visitor, "filters").await;
    demo.go("/mapping/views").await;
    companion.look(visitor, "views").await;
    demo.go("/mapping/users").await;
    visitor.see(&sight::control("By CRM user")).await;
    companion.look(visitor, "by-crm-user").await;
    demo.go("/mapping/users?show=nobody").await;
    companion.look(visitor, "nobodys").await;
    demo.go("/mapping/users").await;
    visitor.click(FIRST).await;
    visitor.see(&sight::heading("Mappings over time")).await;
    companion.look(visitor, "crm-user").await;
    visitor.press("Add a mapping").await;
    visitor.see(&sight::heading("Add a mapping")).await;
    companion.look(visitor, "add-mapping").await;
    demo.go("/mapping?q=nobody+at+all").await;
    companion.look(visitor, "nobody").await;
}

/// The way to choose for somebody who is unmapped.
const CHOOSE: &str = "//a[contains(@href, '/choose')][starts-with(normalize-space(.), 'Choose a')]";
/// The first link of a list.
const FIRST: &str = "//main//tbody//th//a";

/// Everything else behind the sign-in.
pub(super) async fn others(demo: &Demo, companion: &mut impl Companion) {
    let visitor = &demo.visitor;
    companion.look(visitor, "overview").await;

    demo.go("/people").await;
    companion.look(visitor, "people").await;
    visitor.click(FIRST).await;
    visitor.see(&sight::heading("Mappings over time")).await;
    companion.look(visitor, "person").await;
    visitor
        .click("//main//a[contains(@href, '/deactivate')]")
        .await;
    visitor
        .see("//form[contains(@action, '/deactivate')]")
        .await;
    companion.look(visitor, "person-leaves").await;
    demo.go("/people/new").await;
    companion.look(visitor, "person-new").await;
    demo.go("/people/import").await;
    companion.look(visitor, "people-import").await;

    demo.go("/connections").await;
    companion.look(visitor, "connections").await;
    visitor.click(FIRST).await;
    visitor.see(&sight::heading("Syncs")).await;
    companion.look(visitor, "connection").await;
    let connection = visitor.place().await;
    visitor.press("System check").await;
    visitor
        .see("//dialog//ul[contains(@class, 'checks')]")
        .await;
    companion.look(visitor, "connection-system-check").await;
    visitor.press("Open as a page").await;
    visitor.see(&sight::heading("System check: ")).await;
    companion.look(visitor, "system-check").await;
    visitor.press("Set-up steps").await;
    visitor.see(&sight::heading("Check")).await;
    companion.look(visitor, "connection-check").await;
    visitor.press("Edit").await;
    companion.look(visitor, "connection-edit").await;
    visitor.go(connection.as_str()).await;
    visitor.press("List them").await;
    companion.look(visitor, "users").await;
    visitor.go(connection.as_str()).await;
    visitor.press("Who is missing on which side").await;
    companion.look(visitor, "missing").await;
    visitor.go(connection.as_str()).await;
    visitor.click("//section[h2[.='Syncs']]//li//a").await;
    visitor.see(&sight::heading("Sync of ")).await;
    companion.look(visitor, "run").await;
    demo.go("/connections/new").await;
    companion.look(visitor, "gallery").await;
    visitor.click("//main//a[.//b]").await;
    visitor.see(&sight::heading("Settings")).await;
    companion.look(visitor, "connection-form").await;

    demo.go("/changes").await;
    companion.look(visitor, "changes").await;
    visitor.click(FIRST).await;
    companion.look(visitor, "change").await;
    demo.go("/settings").await;
    companion.look(visitor, "settings").await;
    visitor
        .go(demo
            .root
            .join("explain/organization.not_found")
            .expect("an address")
            .as_str())
        .await;
    companion.look(visitor, "explain").await;
}

/// What keeps mappings true, and who is told.
pub(super) async fn upkeep(demo: &Demo, companion: &mut impl Companion) {
    let visitor = &demo.visitor;
    demo.go("/drift").await;
    companion.look(visitor, "drift").await;
    // Most of the demo's people are mapped by now and cannot be taken back.
    demo.go("/changes/1/undo").await;
    visitor.see(&sight::heading("Undo")).await;
    companion.look(visitor, "undo").await;
    demo.go("/mapping/import").await;
    companion.look(visitor, "mapping-import").await;
    demo.go("/mapping/import/pairs").await;
    companion.look(visitor, "mapping-pairs").await;
    demo.go("/people").await;
    visitor.click(FIRST).await;
    visitor.see(&sight::heading("Mappings over time")).await;
    visitor
        .click("//main//a[contains(@href, '/mapping/hand-over')]")
        .await;
    visitor.see("//form[contains(@action, '/hand-over')]").await;
    companion.look(visitor, "hand-over").await;
    demo.go("/settings/webhooks").await;
    companion.look(visitor, "webhooks").await;
    demo.go("/review").await;
    visitor.see(&sight::class("case")).await;
    companion.look(visitor, "review-queue").await;
    demo.go("/settings/matching").await;
    visitor.fill("Certain from", "99.9").await;
    visitor.press("See what it would do").await;
    visitor.see("//section[@id='effect']").await;
    companion.look(visitor, "matching-effect").await;
}

/// Whoever looks at changes beside the demo's owner.
const COLLEAGUE: &str = "colleague@example.com";
/// The colleague's password.
const PASSWORD: &str = "correct horse battery staple";

/// A change that waits for a second person, seen by both. Leaves the colleague signed in.
pub(super) async fn second_person(demo: &Demo, companion: &mut impl Companion) {
    let visitor = &demo.visitor;
    demo.go("/settings").await;
    visitor.press("Add a member, or change a role").await;
    visitor.fill("E-mail", COLLEAGUE).await;
    visitor.fill("First password", PASSWORD).await;
    visitor
        .ask("document.querySelector('#role').value = 'admin'")
        .await;
    visitor.press("Add").await;
    visitor.see(&sight::words(COLLEAGUE)).await;
    visitor
        .click("//section[@id='second-person']//summary")
        .await;
    visitor.click("//input[@name='asked']").await;
    companion.look(visitor, "settings-second-person").await;
    visitor.press("Save").await;
    visitor
        .see(&sight::words("From now on a second person is asked"))
        .await;
    demo.go("/changes/1/undo").await;
    visitor
        .click(&sight::control_starting("Undo the rest"))
        .await;
    visitor.see(&sight::words("Kept, not applied.")).await;
    companion.look(visitor, "change-waits").await;
    demo.go("/changes/waiting").await;
    companion.look(visitor, "changes-waiting").await;

    visitor.press("sign out").await;
    visitor.fill("E-mail", COLLEAGUE).await;
    visitor.fill("Password", PASSWORD).await;
    visitor.press("Sign in").await;
    visitor
        .see(&sight::words("waits for a second person"))
        .await;
    companion.look(visitor, "overview-waiting").await;
    demo.go("/changes/waiting").await;
    visitor.click(FIRST).await;
    visitor.see(&sight::control_starting("Approve")).await;
    companion.look(visitor, "change-to-approve").await;
    visitor.click(&sight::control_starting("Approve")).await;
    visitor.see(&sight::words("Approved and applied")).await;
    companion.look(visitor, "change-approved").await;
}
