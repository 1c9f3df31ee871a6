//! Salesforce against its emulator.

use crate::emulated;

#[tokio::test]
async fn salesforce_conforms() {
    emulated("salesforce").conforms(&[]).await;
}
