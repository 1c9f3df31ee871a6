//! Zoho Desk against its emulator.

use crate::emulated;

#[tokio::test]
async fn zoho_desk_conforms() {
    let skipped = [];
    emulated("zoho-desk").conforms(&skipped).await;
}
