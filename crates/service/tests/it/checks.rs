//! System checks over emulated CRMs: each thing that goes wrong is told by the check it belongs
//! to, and what comes behind it is skipped, not failed.

use counterpart_emulators::{Fault, FaultPlace, FaultSwitch, Running, UserChange, UserState};
use counterpart_model::check::{CheckResult, CheckTrigger, FixPlace};
use counterpart_model::{Code, Connection, ConnectionState, PageRequest, PersonId, SystemCheck};
use counterpart_service::checks::PersonCheck;
use counterpart_service::sync::SyncMode;
use counterpart_store::checks::{CheckQuery, CheckSubject};
use counterpart_store::mappings::MappingQuery;

use crate::world::{World, emulator, person};

const DAY: i64 = 24 * 60 * 60;

struct House {
    world: World,
    emulator: Running,
    connection: Connection,
}

impl House {
    /// A connection to an emulated CRM whose clock is ours.
    async fn new(provider: &str, people: usize) -> Self {
        let world = World::new().await;
        world.add_people(1, people).await;
        let emulator = emulator(provider, people).await;
        let ours = world.service.now().as_micros() / 1_000_000;
        let theirs = emulator.control().now().as_second();
        world.clock.advance(theirs - ours);
        let connection = world.connect(&emulator).await;
        Self {
            world,
            emulator,
            connection,
        }
    }

    async fn synced(provider: &str, people: usize) -> Self {
        let house = Self::new(provider, people).await;
        house.sync().await;
        house
    }

    async fn sync(&self) {
        let service = &self.world.service;
        let run = service.sync(&self.world.owner, self.connection.id, SyncMode::Full);
        run.await.expect("a sync");
    }

    async fn check(&self) -> SystemCheck {
        let service = &self.world.service;
        let check = service.check_system(&self.world.owner, self.connection.id);
        check.await.expect("a check")
    }

    fn go_wrong(&self, switch: FaultSwitch) {
        let injected = self.emulator.control().inject(switch);
        injected.expect("the emulator has that");
    }

    /// Somebody who is mapped now.
    async fn mapped(&self) -> (PersonId, String) {
        let service = &self.world.service;
        let accepted = service.accept_certain(&self.world.owner, None);
        accepted.await.expect("mapped");
        let page = PageRequest::first(1);
        let query = MappingQuery::default();
        let found = service.list_mappings(&self.world.owner, &query, &page);
        let mapping = found.await.expect("mappings").items.remove(0).mapping;
        (mapping.person_id, mapping.crm_user_id.0)
    }

    async fn self_test(&self, person_id: PersonId, canary: bool) -> SystemCheck {
        let wanted = PersonCheck {
            connection_id: self.connection.id,
            person_id,
            canary,
        };
        let service = &self.world.service;
        let check = service.check_person(&self.world.owner, wanted);
        check.await.expect("a check")
    }
}

fn result(check: &SystemCheck, name: &str) -> Option<CheckResult> {
    check.check(name).map(|check| check.result)
}

fn told(check: &SystemCheck) -> String {
    let lines = check.checks.iter().map(|it| {
        let remedy = it.remedy.as_deref().unwrap_or_default();
        format!("{:8}{:24}{} | {remedy}\n", it.result, it.name, it.evidence)
    });
    lines.collect()
}

#[tokio::test]
async fn a_connection_that_works_passes_and_is_kept() {
    let house = House::synced("salesforce", 30).await;
    let check = house.check().await;
    assert_eq!(check.result, CheckResult::Pass, "{}", told(&check));
    for name in [
        "credentials",
        "reachable",
        "tls",
        "signed_in",
        "organization",
        "api_version",
        "clock",
        "permission.users",
        "users",
        "sync",
    ] {
        assert_eq!(
            result(&check, name),
            Some(CheckResult::Pass),
            "{name}\n{}",
            told(&check)
        );
    }
    let version = check.check("api_version").expect("a check");
    assert!(version.evidence.contains("v62.0"), "{}", version.evidence);
    assert_eq!(check.trigger, CheckTrigger::Asked);
    let (service, owner) = (&house.world.service, &house.world.owner);
    let kept = service.system_check(owner, check.id).await.expect("kept");
    assert_eq!(kept, check);
}

#[tokio::test]
async fn every_connector_can_be_checked() {
    for provider in ["zoho-crm", "hubspot", "autotask", "zendesk", "3cx"] {
        let house = House::new(provider, 12).await;
        let check = house.check().await;
        assert_ne!(
            check.result,
            CheckResult::Fail,
            "{provider}\n{}",
            told(&check)
        );
        assert_eq!(
            result(&check, "users"),
            Some(CheckResult::Pass),
            "{provider}"
        );
    }
}

#[tokio::test]
async fn each_fault_is_told_by_its_own_check_with_a_remedy() {
    let house = House::synced("salesforce", 30).await;
    let lasting = FaultSwitch::lasting;
    for (fault, name, expected) in [
        (
            lasting(Fault::WrongCredentials).on(FaultPlace::Token),
            "signed_in",
            CheckResult::Fail,
        ),
        (
            lasting(Fault::MissingPermission).on(FaultPlace::Users),
            "users",
            CheckResult::Fail,
        ),
        (
            lasting(Fault::ClockSkew { seconds: 90 }),
            "clock",
            CheckResult::Warn,
        ),
        (
            lasting(Fault::ClockSkew { seconds: -5_400 }),
            "clock",
            CheckResult::Fail,
        ),
        (lasting(Fault::EmptyList), "users", CheckResult::Warn),
    ] {
        if fault.on == Some(FaultPlace::Token) {
            house.emulator.control().expire_tokens().expect("tokens");
        }
        house.go_wrong(fault.clone());
        let check = house.check().await;
        let what = format!("{fault:?}\n{}", told(&check));
        assert_eq!(result(&check, name), Some(expected), "{what}");
        let of_it = check.check(name).expect("a check");
        assert!(of_it.remedy.is_some(), "{what}");
        house.emulator.control().clear_faults();
        let mended = house.check().await;
        assert_eq!(mended.result, CheckResult::Pass, "{}", told(&mended));
    }
}

#[tokio::test]
async fn what_comes_behind_a_failure_is_skipped() {
    let house = House::synced("salesforce", 30).await;
    house.emulator.control().expire_tokens().expect("tokens");
    house.go_wrong(FaultSwitch::lasting(Fault::WrongCredentials).on(FaultPlace::Token));
    let check = house.check().await;
    assert_eq!(result(&check, "reachable"), Some(CheckResult::Pass));
    assert_eq!(result(&check, "signed_in"), Some(CheckResult::Fail));
    for name in ["permission.users", "users"] {
        assert_eq!(result(&check, name), Some(CheckResult::Skipped), "{name}");
    }
    assert_eq!(check.count(CheckResult::Fail), 1, "{}", told(&check));
    let (service, owner) = (&house.world.service, &house.world.owner);
    let view = service.connection_view(owner, house.connection.id).await;
    let health = view.expect("the connection").connection.health;
    assert_eq!(health.state, ConnectionState::Broken, "it is noted as well");
    let updated = service.check_and_update(owner, house.connection.id).await;
    assert!(
        updated.expect("a check").run.is_none(),
        "nothing to sync from"
    );
}

#[tokio::test]
async fn a_crm_that_nobody_answers_for_is_not_reachable() {
    let house = House::synced("salesforce", 12).await;
    let House {
        world,
        emulator,
        connection,
    } = house;
    drop(emulator);
    let check = world.service.check_system(&world.owner, connection.id);
    let check = check.await.expect("a check");
    assert_eq!(result(&check, "credentials"), Some(CheckResult::Pass));
    let reachable = check.check("reachable").expect("a check");
    assert_eq!(reachable.result, CheckResult::Fail, "{}", told(&check));
    assert_eq!(reachable.code, Some(Code::ConnectionUnreachable));
    assert_eq!(result(&check, "users"), Some(CheckResult::Skipped));
}

#[tokio::test]
async fn a_check_brings_the_data_up_to_date() {
    let house = House::new("salesforce", 12).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let checked = service.check_and_update(owner, house.connection.id).await;
    let checked = checked.expect("a check");
    let never = checked.check.check("sync").expect("a check");
    assert_eq!(never.result, CheckResult::Warn, "it was never synced");
    assert!(checked.run.is_some());
}

#[tokio::test]
async fn nothing_is_asked_of_a_paused_connection() {
    let house = House::synced("salesforce", 12).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let paused = service.pause_connection(owner, house.connection.id).await;
    paused.expect("paused");
    house.emulator.control().forget_requests();
    let check = house.check().await;
    assert_eq!(result(&check, "reachable"), Some(CheckResult::Skipped));
    assert_eq!(house.emulator.control().requests().len(), 0);
    assert_ne!(check.result, CheckResult::Fail, "{}", told(&check));
}

#[tokio::test]
async fn the_schedule_checks_once_a_day_and_old_data_is_noticed() {
    let house = House::synced("salesforce", 12).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let itself = CheckQuery {
        connection_id: Some(house.connection.id),
        subject: CheckSubject::Connection,
    };
    let page = PageRequest::first(10);
    let kept = async || {
        let kept = service.list_system_checks(owner, &itself, &page).await;
        kept.expect("a list").items
    };
    service.check_due().await.expect("looked");
    assert_eq!(kept().await.len(), 0, "it was made just now");
    house.world.clock.advance(DAY + 60);
    service.check_due().await.expect("looked");
    service.check_due().await.expect("looked");
    let checks = kept().await;
    assert_eq!(checks.len(), 1, "once a day");
    assert_eq!(checks[0].trigger, CheckTrigger::Schedule);
    assert_eq!(result(&checks[0], "sync"), Some(CheckResult::Warn));
    house.world.clock.advance(7 * DAY);
    service.check_due().await.expect("looked");
    let checks = kept().await;
    assert_eq!(result(&checks[0], "sync"), Some(CheckResult::Fail));
}

#[tokio::test]
async fn an_account_that_works_passes_its_self_test() {
    let house = House::synced("salesforce", 30).await;
    let (person, _) = house.mapped().await;
    let check = house.self_test(person, false).await;
    for name in [
        "mapped", "drift", "listed", "active", "kind", "name", "email", "log_as",
    ] {
        assert_eq!(
            result(&check, name),
            Some(CheckResult::Pass),
            "{name}\n{}",
            told(&check)
        );
    }
    assert_eq!(check.person_id, Some(person));
}

#[tokio::test]
async fn an_account_that_was_switched_off_fails_with_a_link_to_its_profile() {
    let house = House::synced("salesforce", 30).await;
    let (person, user) = house.mapped().await;
    house.emulator.control().deactivate(&user).expect("a user");
    let check = house.self_test(person, false).await;
    let active = check.check("active").expect("a check");
    assert_eq!(active.result, CheckResult::Fail, "{}", told(&check));
    let Some(FixPlace::Vendor(link)) = active.fix.as_ref().map(|fix| &fix.place) else {
        panic!("no link: {active:?}");
    };
    assert!(link.contains(&user), "{link}");
    assert_eq!(result(&check, "log_as"), Some(CheckResult::Fail));
}

#[tokio::test]
async fn an_account_that_is_gone_is_not_listed() {
    let house = House::synced("hubspot", 30).await;
    let (person, user) = house.mapped().await;
    let change = UserChange {
        state: Some(UserState::Deleted),
        ..UserChange::default()
    };
    let changed = house.emulator.control().update_user(&user, change);
    changed.expect("a user");
    let check = house.self_test(person, false).await;
    assert_eq!(check.result, CheckResult::Fail, "{}", told(&check));
}

#[tokio::test]
async fn who_is_not_mapped_is_told_what_to_do() {
    let house = House::synced("salesforce", 12).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let nobody = person("Zacharias Nowhere", "zacharias@nowhere.example");
    let added = service.add_person(owner, &nobody).await.expect("added");
    let check = house.self_test(added.id, false).await;
    let mapped = check.check("mapped").expect("a check");
    assert_eq!(mapped.result, CheckResult::Fail);
    assert_eq!(check.checks.len(), 1, "the rest is absent");
    assert!(matches!(
        mapped.fix.as_ref().map(|fix| &fix.place),
        Some(FixPlace::Portal(_))
    ));
}

#[tokio::test]
async fn the_canary_writes_compares_and_takes_away() {
    for provider in ["salesforce", "hubspot", "zoho-crm"] {
        let house = House::synced(provider, 30).await;
        let (person, _) = house.mapped().await;
        let before = house.emulator.control().records().len();
        let check = house.self_test(person, true).await;
        let canary = check.check("canary").expect("a check");
        assert_eq!(
            canary.result,
            CheckResult::Pass,
            "{provider}\n{}",
            told(&check)
        );
        let there = house.emulator.control().records().len();
        assert_eq!(there, before, "{provider}: {}", canary.evidence);
        let (service, owner) = (&house.world.service, &house.world.owner);
        let page = PageRequest::first(5);
        let audit = service.list_audit(owner, &page).await.expect("the chain");
        let noted = audit
            .items
            .iter()
            .any(|it| it.event.action == "check.canary");
        assert!(noted, "{provider}: what is written is noted before");
    }
}

#[tokio::test]
async fn the_canary_opens_no_tickets() {
    let house = House::synced("zendesk", 30).await;
    let (person, _) = house.mapped().await;
    let check = house.self_test(person, true).await;
    let canary = result(&check, "canary");
    assert_eq!(canary, Some(CheckResult::Skipped), "{}", told(&check));
    assert_eq!(house.emulator.control().records().len(), 0);
}

#[tokio::test]
async fn without_the_canary_nothing_is_written() {
    let house = House::synced("salesforce", 30).await;
    let (person, _) = house.mapped().await;
    house.self_test(person, false).await;
    assert_eq!(house.emulator.control().records().len(), 0);
}

#[tokio::test]
async fn a_missing_user_is_explained() {
    let house = House::synced("salesforce", 30).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let (_, user) = house.mapped().await;
    let known = service
        .explain_absence(owner, house.connection.id, &user)
        .await
        .expect("explained");
    assert_eq!(known[0].result, CheckResult::Pass, "{known:?}");
    house.emulator.control().deactivate(&user).expect("a user");
    house.sync().await;
    let off = service
        .explain_absence(owner, house.connection.id, &user)
        .await
        .expect("explained");
    assert_eq!(off[0].result, CheckResult::Warn, "{off:?}");
    assert!(off[0].evidence.contains("deactivated"), "{off:?}");
    let nobody = service
        .explain_absence(owner, house.connection.id, "Zacharias Nowhere")
        .await
        .expect("explained");
    assert_eq!(nobody[0].result, CheckResult::Fail);
    assert!(nobody.iter().any(|it| it.name == "last_sync"), "{nobody:?}");
}

#[tokio::test]
async fn troubles_are_named_and_go_with_their_cause() {
    let house = House::new("salesforce", 30).await;
    let (service, owner) = (&house.world.service, &house.world.owner);
    let found = async || service.find_troubles(owner).await.expect("looked");
    let of = |checks: &[counterpart_model::Check], name: &str| {
        let check = checks.iter().find(|it| it.name == name);
        check.map(|it| it.result)
    };
    let before = found().await;
    assert_eq!(of(&before, "users_syncing"), Some(CheckResult::Warn));
    house.sync().await;
    let synced = found().await;
    assert_eq!(
        of(&synced, "users_syncing"),
        Some(CheckResult::Pass),
        "{synced:?}"
    );
    assert_eq!(of(&synced, "everybody_mapped"), Some(CheckResult::Warn));
    let (_, user) = house.mapped().await;
    assert_eq!(of(&found().await, "attribution"), Some(CheckResult::Pass));
    house.emulator.control().deactivate(&user).expect("a user");
    house.sync().await;
    let drifted = found().await;
    assert_eq!(
        of(&drifted, "attribution"),
        Some(CheckResult::Fail),
        "{drifted:?}"
    );
    assert!(
        drifted
            .iter()
            .all(|it| it.result == CheckResult::Pass || it.remedy.is_some())
    );
}
