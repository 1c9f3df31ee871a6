//! Bigin against its emulator.

use crate::emulated;

#[tokio::test]
async fn zoho_bigin_conforms() {
    let skipped = [];
    emulated("zoho-bigin").conforms(&skipped).await;
}
