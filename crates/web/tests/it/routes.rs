//! Every route × every role.

use axum::http::StatusCode;
use counterpart_model::Role;

use crate::client::Client;
use crate::world::World;

/// Who may use a route at all.
#[derive(Clone, Copy, PartialEq)]
enum Least {
    /// Everybody, signed in or not.
    Anybody,
    /// Any account.
    Account,
    /// A member with this role or a higher one.
    Member(Role),
}

use Least::{Account, Anybody, Member};

const VIEWER: Least = Member(Role::Viewer);
const ADMIN: Least = Member(Role::Admin);
const OWNER: Least = Member(Role::Owner);

/// Method, path and who may. `{o}`, `{c}`, `{p}` and `{r}` stand for organization, connection,
/// person and run, `{t}` for the provider, `{w}` for a webhook, `{k}` for a system check, `{u}` for a
/// CRM user. Forms are sent empty: whether they are accepted is decided behind the role.
const ROUTES: &[(&str, &str, Least)] = &[
    ("GET", "/", Account),
    ("GET", "/sign-in", Anybody),
    ("POST", "/sign-in", Anybody),
    ("GET", "/setup/wrong", Anybody),
    ("POST", "/setup/wrong", Anybody),
    ("GET", "/explain", Anybody),
    ("GET", "/explain/mapping.overlap", Anybody),
    ("GET", "/keyboard", Anybody),
    ("GET", "/o/{o}", VIEWER),
    ("GET", "/o/{o}/", VIEWER),
    ("GET", "/o/{o}/events", VIEWER),
    ("GET", "/o/{o}/mapping", VIEWER),
    ("GET", "/o/{o}/mapping/cards", VIEWER),
    ("GET", "/o/{o}/mapping/users", VIEWER),
    ("GET", "/o/{o}/mapping/add", ADMIN),
    ("POST", "/o/{o}/mapping/add", ADMIN),
    ("GET", "/o/{o}/mapping/people-options", VIEWER),
    ("GET", "/o/{o}/mapping/user-options", VIEWER),
    ("GET", "/o/{o}/mapping/views", VIEWER),
    ("POST", "/o/{o}/mapping/views", VIEWER),
    ("POST", "/o/{o}/mapping/views/{p}", VIEWER),
    ("GET", "/o/{o}/mapping/review", VIEWER),
    ("GET", "/o/{o}/mapping/export?format=yaml", VIEWER),
    ("GET", "/o/{o}/mapping/import", ADMIN),
    ("POST", "/o/{o}/mapping/import", ADMIN),
    ("POST", "/o/{o}/mapping/import/apply", ADMIN),
    ("GET", "/o/{o}/mapping/import/pairs", ADMIN),
    ("POST", "/o/{o}/mapping/import/pairs", ADMIN),
    ("POST", "/o/{o}/mapping/import/pairs/look", ADMIN),
    ("POST", "/o/{o}/mapping/import/pairs/apply", ADMIN),
    ("POST", "/o/{o}/mapping/accept-certain", ADMIN),
    ("POST", "/o/{o}/mapping/accept-shown", ADMIN),
    ("POST", "/o/{o}/mapping/resync", ADMIN),
    ("GET", "/o/{o}/mapping/hand-over?connection={c}", ADMIN),
    ("POST", "/o/{o}/mapping/hand-over", ADMIN),
    ("POST", "/o/{o}/mapping/save", ADMIN),
    ("POST", "/o/{o}/mapping/discard", VIEWER),
    ("GET", "/o/{o}/mapping/{c}/{p}", VIEWER),
    ("GET", "/o/{o}/mapping/{c}/{p}/why", VIEWER),
    ("GET", "/o/{o}/mapping/{c}/{p}/choose", ADMIN),
    ("GET", "/o/{o}/mapping/{c}/{p}/options", VIEWER),
    ("POST", "/o/{o}/mapping/{c}/{p}/draft?want=unmap", ADMIN),
    ("GET", "/o/{o}/people", VIEWER),
    ("GET", "/o/{o}/people/new", ADMIN),
    ("POST", "/o/{o}/people/new", ADMIN),
    ("GET", "/o/{o}/people/import", ADMIN),
    ("POST", "/o/{o}/people/import", ADMIN),
    ("POST", "/o/{o}/people/import/apply", ADMIN),
    ("GET", "/o/{o}/people/{p}", VIEWER),
    ("GET", "/o/{o}/people/{p}/edit", ADMIN),
    ("POST", "/o/{o}/people/{p}/edit", ADMIN),
    ("GET", "/o/{o}/people/{p}/deactivate", ADMIN),
    ("POST", "/o/{o}/people/{p}/deactivate", ADMIN),
    ("POST", "/o/{o}/people/{p}/reactivate", ADMIN),
    ("POST", "/o/{o}/people/{p}/decisions/withdraw", ADMIN),
    ("GET", "/o/{o}/connections", VIEWER),
    ("GET", "/o/{o}/connections/new", ADMIN),
    ("GET", "/o/{o}/connections/new/{t}", ADMIN),
    ("POST", "/o/{o}/connections/new/{t}", ADMIN),
    ("GET", "/o/{o}/connections/new/suite/zoho", ADMIN),
    ("POST", "/o/{o}/connections/new/suite/zoho", ADMIN),
    ("GET", "/connections/signed-in", Anybody),
    ("GET", "/o/{o}/connections/{c}/sign-in", ADMIN),
    ("GET", "/o/{o}/connections/{c}/signed-in", ADMIN),
    ("GET", "/o/{o}/connections/{c}", VIEWER),
    ("GET", "/o/{o}/connections/{c}/edit", ADMIN),
    ("POST", "/o/{o}/connections/{c}/edit", ADMIN),
    ("POST", "/o/{o}/connections/{c}/check", ADMIN),
    ("GET", "/o/{o}/checks", ADMIN),
    ("POST", "/o/{o}/connections/{c}/system-check", ADMIN),
    ("GET", "/o/{o}/connections/{c}/checks", VIEWER),
    ("GET", "/o/{o}/connections/{c}/checks/{k}", VIEWER),
    ("GET", "/o/{o}/connections/{c}/absence", ADMIN),
    ("POST", "/o/{o}/people/{p}/self-test", ADMIN),
    ("GET", "/o/{o}/connections/{c}/users", VIEWER),
    ("POST", "/o/{o}/connections/{c}/users", ADMIN),
    ("GET", "/o/{o}/connections/{c}/user?id={u}", VIEWER),
    ("POST", "/o/{o}/connections/{c}/drift-policies", ADMIN),
    ("GET", "/o/{o}/connections/{c}/missing", VIEWER),
    ("GET", "/o/{o}/connections/{c}/runs/{r}", VIEWER),
    ("POST", "/o/{o}/connections/{c}/runs/{r}/allow", ADMIN),
    ("POST", "/o/{o}/connections/{c}/runs/{r}/reject", ADMIN),
    ("POST", "/o/{o}/connections/{c}/sync", ADMIN),
    ("POST", "/o/{o}/connections/{c}/pause", ADMIN),
    ("POST", "/o/{o}/connections/{c}/resume", ADMIN),
    ("POST", "/o/{o}/connections/{c}/policy", ADMIN),
    ("GET", "/o/{o}/drift", VIEWER),
    (
        "POST",
        "/o/{o}/drift/01890a5d-ac96-774b-bcce-b302099a8057/repair",
        ADMIN,
    ),
    ("GET", "/o/{o}/review", VIEWER),
    ("POST", "/o/{o}/review/undo", ADMIN),
    ("POST", "/o/{o}/review/{c}/{p}", ADMIN),
    ("GET", "/o/{o}/connections/{c}/matching", VIEWER),
    ("POST", "/o/{o}/connections/{c}/matching", ADMIN),
    ("GET", "/o/{o}/changes", VIEWER),
    ("GET", "/o/{o}/changes/1", VIEWER),
    ("GET", "/o/{o}/changes/waiting", VIEWER),
    ("GET", "/o/{o}/changes/waiting/1", VIEWER),
    // Approved first, so that the others come too late.
    ("POST", "/o/{o}/changes/waiting/1/approve", ADMIN),
    ("POST", "/o/{o}/changes/waiting/1/reject", ADMIN),
    ("POST", "/o/{o}/changes/waiting/1/withdraw", ADMIN),
    ("GET", "/o/{o}/changes/1/undo", VIEWER),
    ("POST", "/o/{o}/changes/1/undo", ADMIN),
    ("GET", "/o/{o}/settings", VIEWER),
    ("GET", "/o/{o}/settings/matching", VIEWER),
    ("POST", "/o/{o}/settings/matching", ADMIN),
    ("POST", "/o/{o}/settings/members", OWNER),
    ("POST", "/o/{o}/settings/password", OWNER),
    ("POST", "/o/{o}/settings/second-person", OWNER),
    ("POST", "/o/{o}/settings/tokens", OWNER),
    ("POST", "/o/{o}/settings/tokens/{p}/revoke", OWNER),
    ("GET", "/o/{o}/settings/organizations", OWNER),
    ("POST", "/o/{o}/settings/organizations", OWNER),
    ("GET", "/o/{o}/settings/webhooks", ADMIN),
    ("POST", "/o/{o}/settings/webhooks", ADMIN),
    ("GET", "/o/{o}/settings/webhooks/{w}", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/test", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/pause", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/resume", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/replay", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/secret", ADMIN),
    ("POST", "/o/{o}/settings/webhooks/{p}/remove", ADMIN),
    ("POST", "/sign-out", Anybody),
];

/// What a form must hold to be read at all. Nothing in it is worth accepting.
const FORM: [(&str, &str); 11] = [
    ("connection", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("repair", "confirm"),
    ("file", ""),
    ("want", "unmap"),
    ("decision", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ("email", ""),
    ("password", "x"),
    ("name", ""),
    ("role", "viewer"),
    ("organization", ""),
    ("time_zone", "Europe/Berlin"),
];

fn filled(world: &World, person: &str, path: &str) -> String {
    path.replace("{o}", &world.organization.id.to_string())
        .replace("{c}", &world.connection.id.to_string())
        .replace("{r}", &world.run.id.to_string())
        .replace("{t}", &world.connection.provider)
        .replace("{p}", person)
}

async fn try_all(world: &World, client: &Client, role: Option<Role>) {
    let person = world.person().await.id.to_string();
    let webhook = world.webhook().await.to_string();
    world.let_wait().await;
    let service = &world.house.service;
    let check = service.check_system(&world.operator, world.connection.id);
    let check = check.await.expect("a check").id.to_string();
    let user = world.crm_user().await.id.0;
    for (method, path, least) in ROUTES {
        let path = filled(world, &person, path)
            .replace("{w}", &webhook)
            .replace("{k}", &check)
            .replace("{u}", &user);
        let reply = match *method {
            "GET" => client.get(&path).await,
            _ => client.post(&path, &FORM).await,
        };
        let who = role.map_or("nobody", Role::as_str);
        let context = format!("{method} {path} by {who}: {} {}", reply.status, reply.body);
        let to_sign_in =
            reply.status == StatusCode::SEE_OTHER && reply.location().starts_with("/sign-in?next");
        let sent_away =
            to_sign_in || (reply.status == StatusCode::SEE_OTHER && reply.location() == "/sign-in");
        match (least, role) {
            (Anybody, _) => assert!(!reply.status.is_server_error(), "{context}"),
            (Account | Member(_), None) => assert!(sent_away, "{context}"),
            (Member(least), Some(role)) if role < *least => {
                assert_eq!(reply.status, StatusCode::FORBIDDEN, "{context}");
            }
            (Account | Member(_), Some(_)) => {
                assert_ne!(reply.status, StatusCode::FORBIDDEN, "{context}");
                assert_ne!(reply.status, StatusCode::UNAUTHORIZED, "{context}");
                assert!(!sent_away, "{context}");
                assert!(!reply.status.is_server_error(), "{context}");
                if *method == "GET" {
                    assert!(
                        reply.status.is_success() || reply.status.is_redirection(),
                        "{context}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn nobody_sees_anything_without_signing_in() {
    let world = World::new().await;
    try_all(&world, &Client::anon(&world.app), None).await;
}

#[tokio::test]
async fn a_viewer_sees_everything_and_changes_nothing() {
    let world = World::new().await;
    let before = world
        .house
        .service
        .count_people(&world.operator)
        .await
        .expect("a count");
    try_all(
        &world,
        &world.client(Role::Viewer).await,
        Some(Role::Viewer),
    )
    .await;
    let after = world
        .house
        .service
        .count_people(&world.operator)
        .await
        .expect("a count");
    assert_eq!(before, after);
}

#[tokio::test]
async fn an_admin_does_everything_but_manage_members_and_tokens() {
    let world = World::new().await;
    try_all(&world, &world.client(Role::Admin).await, Some(Role::Admin)).await;
}

#[tokio::test]
async fn an_owner_does_everything() {
    let world = World::new().await;
    try_all(&world, &world.client(Role::Owner).await, Some(Role::Owner)).await;
}

/// A route that is added must be added to the table: the handlers in the sources are counted.
#[test]
fn the_table_knows_every_route() {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| {
                if path.is_dir() {
                    return count(&path);
                }
                let text = std::fs::read_to_string(&path).expect("a source file");
                let Some((_, routes)) = text.split_once("fn routes() -> Router<App> {") else {
                    return 0;
                };
                let body = routes.split("\n}").next().unwrap_or_default();
                body.matches("get(").count() + body.matches("post(").count()
            })
            .sum()
    }
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    assert_eq!(count(&sources), ROUTES.len());
}
