//! From an empty folder to the first saved mapping, as a newcomer does it.

use std::path::Path;

use counterpart_emulators::{Options, Running, platform_directory, start};

use super::sight;
use super::visitor::{Scripts, Visitor};
use crate::served::Served;

const PEOPLE: usize = 12;
/// What a form of the emulated provider calls its fields.
const LABELS: [(&str, &str); 3] = [
    ("domain", "My Domain URL"),
    ("client_id", "Consumer Key"),
    ("client_secret", "Consumer Secret"),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_becomes_a_saved_mapping() {
    walk(Scripts::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_becomes_a_saved_mapping_without_scripts() {
    walk(Scripts::Off).await;
}

async fn walk(scripts: Scripts) {
    if super::is_skipped() {
        return;
    }
    let options = Options { people: PEOPLE, ..Options::default() };
    let emulator = start("salesforce", options).await.expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--sync-every", "0"];
    let allowed = ["--allow-address", "127.0.0.0/8"];
    let mut server = Served::start(folder.path(), &[&serve[..], &allowed].concat());
    let address = server.says("Counterpart serves ");
    let link = server.says(&format!("{address}setup/"));
    let visitor = Visitor::arrive(scripts).await;

    set_up(&visitor, &format!("{address}setup/{link}")).await;
    bring_people(&visitor, folder.path()).await;
    connect(&visitor, &emulator).await;
    map_one(&visitor).await;
    assert_eq!(visitor.complaints().await, [""; 0]);
}

async fn set_up(visitor: &Visitor, link: &str) {
    visitor.go(link).await;
    visitor.fill("Organization", "Northwind").await;
    visitor.fill("Time zone", "Europe/Berlin").await;
    visitor.fill("Your e-mail", "owner@northwind.example").await;
    visitor.fill("Password", "a long passphrase").await;
    visitor.press("Create the organization").await;
    visitor.see(&sight::heading("Get started")).await;
}

/// By a file, in the two steps that show first what would happen.
async fn bring_people(visitor: &Visitor, folder: &Path) {
    let mut text = String::from("external id;given name;family name;e-mail\n");
    for person in platform_directory(1, PEOPLE) {
        let line = [person.external_id, person.given, person.family, person.email].join(";");
        text.push_str(&line);
        text.push('\n');
    }
    let file = folder.join("people.csv");
    // As a spreadsheet saves it: semicolons behind a byte-order mark.
    std::fs::write(&file, format!("\u{feff}{text}")).expect("a file");
    visitor.press("People").await;
    visitor.click(&sight::control_starting("Import")).await;
    visitor.choose_file(&file).await;
    visitor.click(&sight::control_starting("Look at")).await;
    visitor.click(&sight::control_starting("Add ")).await;
    visitor.see(&sight::words(&format!("{PEOPLE} people"))).await;
}

/// Tested first, then saved; its users are read right away.
async fn connect(visitor: &Visitor, emulator: &Running) {
    visitor.press("Overview").await;
    visitor.press("Connect a CRM").await;
    visitor.click(&sight::control_starting("Salesforce")).await;
    let fields = emulator.settings().into_iter().chain(emulator.credentials());
    for (name, value) in fields {
        let label = LABELS.iter().find(|(known, _)| *known == name).expect("a known field").1;
        visitor.fill(label, &value).await;
    }
    visitor.press("Test").await;
    visitor.see(&sight::words("Users can be listed")).await;
    visitor.press("Save").await;
    visitor.press("Resync users").await;
    visitor.see(&sight::words("read")).await;
}

/// One proposal, through the draft and its review.
async fn map_one(visitor: &Visitor) {
    visitor.click("//nav[@aria-label='Main']//a[contains(., 'Mapping')]").await;
    visitor.click(&sight::control_starting("Accept for ")).await;
    visitor.see(&sight::words("will be mapped")).await;
    visitor.press("Review").await;
    visitor.see(&sight::heading("1 change to review")).await;
    visitor.fill("Reason", "the first one").await;
    visitor.press("Save 1 change").await;
    visitor.see(&sight::words("Saved as change")).await;
    let mapped = visitor.see("//td//*[normalize-space(.)='mapped']").await;
    assert_eq!(mapped.text().await.expect("a text"), "mapped");
    assert!(!visitor.sees(&sight::words("not applied yet")).await, "the draft is empty");
}
