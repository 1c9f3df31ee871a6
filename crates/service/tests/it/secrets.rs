//! Credentials are sealed and shown nowhere.

use counterpart_service::sync::SyncMode;

use crate::world::{World, emulator, input_for};

#[tokio::test]
async fn planted_credentials_are_found_nowhere_in_the_folder_or_the_answers() {
    let world = World::new().await;
    let service = &world.service;
    let mut secrets = Vec::new();
    let mut shown = Vec::new();
    for provider in ["salesforce", "zoho-crm", "autotask"] {
        let emulator = emulator(provider, 20).await;
        let input = input_for(&emulator);
        // Names of users are no secrets: the CRM lists them.
        let planted = emulator
            .credentials()
            .into_iter()
            .filter(|(name, _)| name != "username");
        secrets.extend(planted.map(|(_, value)| value));
        shown.push(format!("{input:?}"));
        let connection = service
            .save_connection(&world.owner, input)
            .await
            .expect(provider);
        let run = service
            .sync(&world.owner, connection.id, SyncMode::Full)
            .await
            .expect(provider);
        let view = service
            .connection_view(&world.owner, connection.id)
            .await
            .expect("a view");
        shown.push(format!("{connection:?} {run:?} {view:?}"));
        shown.push(serde_json::to_string(&connection).expect("JSON"));
    }
    let entries = service
        .list_audit(&world.owner, &counterpart_model::PageRequest::first(1_000))
        .await
        .expect("the audit chain");
    shown.push(format!("{entries:?}"));
    let shown = shown.concat();
    assert!(secrets.len() >= 5, "{} secrets planted", secrets.len());
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "{secret} is shown");
    }
    let mut files = 0;
    for entry in std::fs::read_dir(world.folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        files += 1;
        for secret in &secrets {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in {}", path.display());
        }
    }
    assert!(files >= 2, "the database and its log were looked at");
}
