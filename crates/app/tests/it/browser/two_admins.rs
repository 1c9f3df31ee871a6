//! Two who change the same things at once.

use super::office::Office;
use super::sight;

/// The first is done before the second knows. The second is told by whom and with which change,
/// saves what does not clash, and has the last word where it does.
#[tokio::test(flavor = "multi_thread")]
async fn the_second_admin_sees_what_the_first_changed_and_saves_the_rest() {
    if super::is_skipped() {
        return;
    }
    let mut office = Office::open(12, &["salesforce"]).await;
    let ada = office.visit("ada@northwind.example").await;
    let bea = office.visit("bea@northwind.example").await;
    office.go(&ada, "/mapping?show=proposed").await;
    office.go(&bea, "/mapping?show=proposed").await;
    let accept = sight::control_starting("Accept for ");

    // Bea wants two of them.
    let label = bea.see(&accept).await.attr("aria-label").await;
    let person = label.expect("an attribute").expect("a label");
    let person = person.trim_start_matches("Accept for ").to_owned();
    for drafted in 1..=2 {
        bea.click(&accept).await;
        let changes = format!("//*[contains(., '{drafted} change')]");
        bea.see(&sight::inside("draft-bar", &changes)).await;
    }
    // Ada is sure that one of these has no account, and is first.
    let other = sight::control(&format!("Choose somebody else for {person}"));
    let link = ada.find(&other).await.attr("href").await;
    let link = link.expect("an attribute").expect("a link");
    let place = ada.place().await.join(&link).expect("an address");
    ada.go(place.as_str()).await;
    ada.press(&format!("{person} has no account there")).await;
    ada.press("Save").await;
    ada.see(&sight::words("Saved as change")).await;
    let saved = ada.place().await;
    let saved = saved.query().expect("what was saved");
    let number = saved.trim_start_matches("saved=").to_owned();

    bea.press("Save").await;
    bea.see(&sight::heading("2 changes to review")).await;
    bea.see(&sight::words("1 change clashes")).await;
    let change = format!("//*[@role='alert']//a[normalize-space(.)='Change {number}']");
    bea.see(&change).await;
    bea.see("//*[@role='alert'][contains(., 'ada@northwind.example')]")
        .await;
    bea.press("Save the other 1").await;
    bea.see(&sight::words("Saved as change")).await;
    bea.press("Review").await;
    bea.see(&sight::heading("1 change to review")).await;
    bea.press(&format!("Want the change of {person} all the same"))
        .await;
    bea.press("Save 1 change").await;
    bea.see(&sight::without(&sight::inside("draft-bar", "/*")))
        .await;
    bea.see(&sight::words("Saved as change")).await;
}
