//! Credentials are sealed and shown nowhere.

use counterpart_service::sync::SyncMode;

use crate::world::{World, emulator, input_for};

#[tokio::test]
async fn planted_credentials_are_found_nowhere_in_the_folder_or_the_answers() {
    let world = World::new().await;
    let service = &world.service;
    let mut secrets = Vec::new();
    let mut shown = String::new();
    for provider in ["salesforce", "zoho-crm", "autotask"] {
        let emulator = emulator(provider, 20).await;
        let input = input_for(&emulator);
        secrets.extend(
            emulator
                .credentials()
                .into_values()
                .filter(|value| value.len() > 6),
        );
        shown.push_str(&format!("{input:?}"));
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
        shown.push_str(&format!("{connection:?} {run:?} {view:?}"));
        shown.push_str(&serde_json::to_string(&connection).expect("JSON"));
    }
    let entries = service
        .list_audit(&world.owner, &counterpart_model::PageRequest::first(1_000))
        .await
        .expect("the audit chain");
    shown.push_str(&format!("{entries:?}"));
    assert!(secrets.len() >= 5, "{} secrets planted", secrets.len());
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "a secret is shown");
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
            assert!(!found, "a secret stands in {}", path.display());
        }
    }
    assert!(files >= 2, "the database and its log were looked at");
}
