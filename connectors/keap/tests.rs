//! Keap against its emulator.

use crate::emulated;

#[tokio::test]
async fn keap_conforms() {
    let skipped = [];
    emulated("keap").conforms(&skipped).await;
}
