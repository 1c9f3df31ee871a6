//! Salesforce against its emulator.

use crate::stand::Emulated;

const SALESFORCE: Emulated = Emulated {
    provider: "salesforce",
    lists_deleted: false,
    tells_own_user: true,
    leads_are_contacts: false,
};

#[tokio::test]
async fn salesforce_conforms() {
    SALESFORCE.conforms(&[]).await;
}
