//! Outreach against its emulator.

use crate::emulated;

#[tokio::test]
async fn outreach_conforms() {
    let skipped = [];
    emulated("outreach").conforms(&skipped).await;
}
