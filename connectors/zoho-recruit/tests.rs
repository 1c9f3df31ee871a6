//! Zoho Recruit against its emulator.

use crate::emulated;

#[tokio::test]
async fn zoho_recruit_conforms() {
    let skipped = [];
    emulated("zoho-recruit").conforms(&skipped).await;
}
