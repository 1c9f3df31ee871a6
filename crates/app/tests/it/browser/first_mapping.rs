//! From an empty folder to the first saved mapping, as a newcomer does it.

use std::path::Path;

use counterpart_emulators::{Fault, FaultSwitch, Options, Running, platform_directory, start};

use super::sight;
use super::visitor::{Scripts, Visitor};
use crate::served::Served;

const PEOPLE: usize = 12;
/// What the form of the emulated provider calls the fields that it shows for the way of signing in
/// that it offers first.
const LABELS: [(&str, &str); 3] = [
    ("domain", "My Domain URL"),
    ("client_id", "Consumer Key"),
    ("client_secret", "Consumer Secret"),
];
/// A run that has ended well.
const COMPLETE: &str = "//*[contains(@class, 'tag')][normalize-space(.)='complete']";

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
    let options = Options {
        people: PEOPLE,
        ..Options::default()
    };
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
    connect(&visitor, &emulator, scripts).await;
    map_one(&visitor).await;
    map_all_certain(&visitor).await;
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

/// By a file, which is shown before it changes anything.
async fn bring_people(visitor: &Visitor, folder: &Path) {
    let mut lines = vec!["external id;given name;family name;e-mail".to_owned()];
    let people = platform_directory(1, PEOPLE);
    lines.extend(people.iter().map(|person| {
        [
            person.external_id.as_str(),
            &person.given,
            &person.family,
            &person.email,
        ]
        .join(";")
    }));
    let file = folder.join("people.csv");
    // As a spreadsheet saves it: semicolons, behind a byte-order mark.
    std::fs::write(&file, format!("\u{feff}{}\r\n", lines.join("\r\n"))).expect("a file");
    visitor.press("Import CSV").await;
    visitor.choose_file(&file).await;
    visitor.press("Show what would change").await;
    visitor
        .see(&sight::words(&format!("{PEOPLE} people to add")))
        .await;
    visitor.press("Import").await;
    visitor
        .see(&sight::without("//form[contains(@action, '/import')]"))
        .await;
    visitor.press("People").await;
    for person in &people {
        visitor.see(&sight::words(&person.family)).await;
    }
}

/// Tested first, then saved; its users are read right away.
async fn connect(visitor: &Visitor, emulator: &Running, scripts: Scripts) {
    visitor.press("Overview").await;
    visitor.press("Connect a CRM").await;
    visitor
        .click("//a[.//b[normalize-space(.)='Salesforce']]")
        .await;
    let fields = emulator
        .settings()
        .into_iter()
        .chain(emulator.credentials());
    for (name, value) in fields {
        if let Some(label) = label(&name) {
            visitor.fill(label, &value).await;
        }
    }
    visitor.press("Test").await;
    visitor.see(&sight::words("It works.")).await;
    if scripts == Scripts::Off {
        // A page never gives back the credentials that were typed into it.
        for (name, value) in emulator.credentials() {
            if let Some(label) = label(&name) {
                visitor.fill(label, &value).await;
            }
        }
    }
    visitor.press("Save").await;
    visitor.see(&sight::heading("Syncs")).await;
    visitor.see_after_reloading(COMPLETE).await;
    let slow = Fault::Slow {
        milliseconds: 1_000,
    };
    let slow = FaultSwitch::next(1, slow);
    emulator.control().inject(slow).expect("a fault");
    visitor.press("Resync users").await;
    visitor.see(&sight::heading("Sync of ")).await;
    match scripts {
        // The page of the run learns by itself that it has ended.
        Scripts::On => drop(visitor.see(COMPLETE).await),
        Scripts::Off => visitor.see_after_reloading(COMPLETE).await,
    }
    visitor.see("//*[b[.!='0']][contains(., 'read')]").await;
}

/// What the emulated provider calls a field of its form; `None` for fields of other ways.
fn label(name: &str) -> Option<&'static str> {
    let known = LABELS.iter().find(|(known, _)| *known == name);
    known.map(|(_, label)| *label)
}

/// One proposal, through the draft and its review.
async fn map_one(visitor: &Visitor) {
    visitor
        .click("//nav[@aria-label='Main']//a[contains(., 'Mapping')]")
        .await;
    visitor.click(&sight::control_starting("Accept for ")).await;
    visitor.see(&sight::words("will be mapped")).await;
    visitor.press("Review").await;
    visitor.see(&sight::heading("1 change to review")).await;
    visitor.fill("Reason", "the first one").await;
    visitor.press("Save 1 change").await;
    visitor.see(&sight::words("Saved as change")).await;
    let mapped = visitor.see("//td//*[normalize-space(.)='mapped']").await;
    assert_eq!(mapped.text().await.expect("a text"), "mapped");
    assert!(
        !visitor.sees(&sight::words("not applied yet")).await,
        "the draft is empty"
    );
}

/// All other certain proposals at once, saved from the grid.
async fn map_all_certain(visitor: &Visitor) {
    visitor
        .click("//button[starts-with(., 'Accept ')][contains(., ' certain')]")
        .await;
    visitor.see(&sight::words("in your draft")).await;
    visitor.press("Save").await;
    visitor.see(&sight::words("Saved as change")).await;
    let certain = "//button[contains(., ' certain')]";
    assert!(!visitor.sees(certain).await, "all are accepted");
    assert!(!visitor.sees(&sight::words("not applied yet")).await);
}
