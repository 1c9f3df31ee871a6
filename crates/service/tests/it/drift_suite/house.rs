//! A directory of people with a CRM: everybody mapped, everything as it was confirmed.

use std::sync::{Arc, LazyLock};

use counterpart_emulators::platform_directory;
use counterpart_matching::NameJudge;
use counterpart_model::drift::Repair;
use counterpart_model::{
    ChangeLine, ConnectionId, CrmUser, CrmUserId, CrmUserProfile, Decision, DecisionId,
    DecisionKind, DriftCause, Identity, IdentityId, IdentityKind, Mapping, MappingId,
    MappingOrigin, OtherId, Period, Person, PersonId, PersonProfile, RunId, Timestamp, Witness,
};
use counterpart_service::drift::{Known, Mending, Scene, lines_to_mend};
use uuid::Uuid;

/// When everything was confirmed, and when it is looked at.
const THEN: Timestamp = Timestamp::from_micros(1_790_000_000_000_000);
pub(super) const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

/// Where the platform's people are known.
const PLATFORM: Uuid = Uuid::from_u128(1);
const CRM: Uuid = Uuid::from_u128(2);

/// Built once: the tables never change.
static JUDGE: LazyLock<NameJudge> = LazyLock::new(NameJudge::new);

/// How many people a directory has.
const PEOPLE: usize = 24;

/// What is true after a change.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// The mappings that drifted.
    pub(super) mappings: Vec<usize>,
    /// The CRM user that the first of them should lead to then, where one should.
    pub(super) target: Option<CrmUserId>,
    /// The person who has the CRM user from now on.
    pub(super) successor: Option<PersonId>,
}

impl Truth {
    pub(super) fn of(mapping: usize) -> Self {
        Self {
            mappings: vec![mapping],
            ..Self::default()
        }
    }
}

/// A directory of people and a CRM.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub(super) seed: u64,
    /// People who are not known yet.
    strangers: Arc<Vec<counterpart_emulators::Person>>,
    random: u64,
    ids: u128,
    pub(super) org: String,
    pub(super) people: Vec<Person>,
    pub(super) identities: Vec<Identity>,
    pub(super) users: Vec<CrmUser>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) decisions: Vec<Decision>,
}

impl House {
    /// The house of a seed: what a CRM tells of its users differs from house to house.
    pub(super) fn new(seed: u64) -> Self {
        let mut house = Self {
            seed,
            strangers: Arc::new(platform_directory(seed + 10_000, 60)),
            random: seed,
            ids: 100,
            org: "org-1".to_owned(),
            people: Vec::new(),
            identities: Vec::new(),
            users: Vec::new(),
            mappings: Vec::new(),
            decisions: Vec::new(),
        };
        for known in platform_directory(seed, PEOPLE) {
            let person = Person {
                id: PersonId::from(house.id()),
                external_id: Some(known.external_id.clone()),
                profile: PersonProfile {
                    display_name: format!("{} {}", known.given, known.family),
                    given_name: Some(known.given.clone()),
                    family_name: Some(known.family.clone()),
                    emails: vec![known.email.clone()],
                    employee_number: known.employee_number.clone(),
                    ..PersonProfile::default()
                },
                active: true,
                created_at: THEN,
                version: 1,
            };
            if let Some(extension) = &known.extension {
                house.add_extension(person.id, extension);
            }
            let profile = house.profile_of(&known);
            house.people.push(person);
            let at = house.people.len() - 1;
            let user = house.add_user(profile);
            house.map(at, user);
        }
        house
    }

    /// The same house, with other luck.
    pub(super) fn again(&mut self) -> Self {
        self.random = self.random.wrapping_add(0x5851_f42d_4c95_7f2d);
        self.clone()
    }

    fn profile_of(&mut self, known: &counterpart_emulators::Person) -> CrmUserProfile {
        let separate = !self.seed.is_multiple_of(4);
        let (given, family) = (known.given.clone(), known.family.clone());
        CrmUserProfile {
            display_name: match self.seed % 5 {
                0 => format!("{family}, {given}"),
                _ => format!("{given} {family}"),
            },
            given_name: separate.then_some(given),
            family_name: separate.then_some(family),
            emails: vec![known.email.clone()],
            username: match self.seed % 3 {
                0 => None,
                1 => Some(format!("{}.crm", known.email)),
                _ => Some(known.username.clone()),
            },
            employee_number: known
                .employee_number
                .clone()
                .filter(|_| self.seed.is_multiple_of(2)),
            extension: known.extension.clone(),
            licence: Some("Full".to_owned()),
            title: Some(known.title.clone()),
            department: Some(known.department.clone()),
            other_ids: vec![OtherId {
                kind: "owner".to_owned(),
                value: format!("9{}", self.below(1_000_000_000)),
            }],
            ..CrmUserProfile::default()
        }
    }

    /// A number below `bound` (`SplitMix64`).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("below a usize")
    }

    /// Somebody of the house.
    pub(super) fn anybody(&mut self) -> usize {
        self.below(PEOPLE)
    }

    /// Somebody of whom something holds; nobody if that is so of nobody.
    pub(super) fn somebody(&mut self, holds: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let first = self.anybody();
        (0..PEOPLE)
            .map(|step| (first + step) % PEOPLE)
            .find(|at| holds(self, *at))
    }

    pub(super) fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// Somebody who is not known yet, with another given and family name than everybody here.
    pub(super) fn stranger(&mut self) -> counterpart_emulators::Person {
        let taken: Vec<String> = self
            .people
            .iter()
            .flat_map(|person| {
                let profile = &person.profile;
                [profile.given_name.clone(), profile.family_name.clone()]
            })
            .flatten()
            .collect();
        let start = self.below(self.strangers.len());
        let mut others = self.strangers.iter().cycle().skip(start);
        let found = others
            .find(|other| !taken.contains(&other.given) && !taken.contains(&other.family))
            .expect("somebody is called otherwise");
        let mut found = found.clone();
        found.employee_number = Some(format!("N{}", self.below(1_000_000)));
        found
    }

    /// What the CRM says of the user of the n-th mapping.
    pub(super) fn profile(&mut self, at: usize) -> &mut CrmUserProfile {
        &mut self.users[at].profile
    }

    pub(super) fn add_user(&mut self, profile: CrmUserProfile) -> CrmUserId {
        let id = CrmUserId(format!("U{}", self.id().as_u128()));
        self.users.push(CrmUser {
            connection_id: ConnectionId::from(CRM),
            id: id.clone(),
            profile,
            first_seen_at: THEN,
            last_run_id: RunId::from(CRM),
            missing_since: None,
            gone_since: None,
        });
        id
    }

    pub(super) fn add_extension(&mut self, person: PersonId, value: &str) {
        let id = IdentityId::from(self.id());
        self.identities.push(Identity {
            id,
            person_id: person,
            connection_id: ConnectionId::from(PLATFORM),
            kind: IdentityKind::Extension,
            value: value.to_owned(),
            period: Period::ALL,
        });
    }

    fn map(&mut self, person: usize, user: CrmUserId) {
        let mapping = self.mapping(self.people[person].id, user);
        self.mappings.push(mapping);
    }

    fn mapping(&mut self, person: PersonId, user: CrmUserId) -> Mapping {
        let mut mapping = Mapping {
            id: MappingId::from(self.id()),
            connection_id: ConnectionId::from(CRM),
            person_id: person,
            crm_user_id: user,
            period: Period::ALL,
            person_exclusive: true,
            crm_user_exclusive: true,
            origin: MappingOrigin::Manual,
            evidence: Vec::new(),
            witness: None,
            created_at: THEN,
            version: 1,
        };
        mapping.witness = self.witness(&mapping).map(Box::new);
        mapping
    }

    /// Both sides of a mapping as they are known now.
    pub(super) fn witness(&self, mapping: &Mapping) -> Option<Witness> {
        let mut users = self.users.iter();
        let user = users.find(|user| user.id == mapping.crm_user_id)?;
        let mut people = self.people.iter();
        let person = people.find(|person| person.id == mapping.person_id)?;
        Some(Witness::of(
            &user.profile,
            person,
            &self.identities,
            Some(&self.org),
            NOW,
        ))
    }

    /// Says that the n-th mapping is true as both sides are now.
    pub(super) fn confirm(&mut self, at: usize) {
        let witness = self.witness(&self.mappings[at]);
        self.mappings[at].witness = witness.map(Box::new);
    }

    pub(super) fn decide(&mut self, kind: DecisionKind) {
        let decision = Decision {
            id: DecisionId::from(self.id()),
            connection_id: ConnectionId::from(CRM),
            kind,
            reason: None,
            expires_at: Timestamp::FOREVER,
            created_at: NOW,
            version: 1,
        };
        self.decisions.push(decision);
    }

    /// The mappings that drifted, each with its primary cause.
    pub(super) fn primary_causes(&self) -> Vec<(usize, DriftCause, String)> {
        let holding: Vec<Mapping> = self
            .mappings
            .iter()
            .filter(|mapping| mapping.period.contains(NOW))
            .cloned()
            .collect();
        let known = Known {
            remote_org: Some(&self.org),
            users: self.users.iter().collect(),
            people: self.people.iter().collect(),
            identities: self.identities.iter().collect(),
            mappings: &holding,
            decisions: &self.decisions,
        };
        let scene = Scene::new(&known, &JUDGE);
        let found = self.mappings.iter().enumerate();
        found
            .filter(|(_, mapping)| mapping.period.contains(NOW))
            .filter_map(|(at, mapping)| {
                let first = scene.drift_of(mapping).into_iter().next()?;
                Some((at, first.cause, first.detail))
            })
            .collect()
    }

    /// A mapping in words, for a failure.
    pub(super) fn told(&self, at: usize) -> String {
        let mapping = &self.mappings[at];
        let user = self.users.iter().find(|it| it.id == mapping.crm_user_id);
        format!(
            "directory {}, {:?}\n  is {:?}",
            self.seed,
            mapping.witness.as_ref().map(|witness| &witness.crm_user),
            user.map(|user| &user.profile)
        )
    }

    /// Applies the primary repair to the first mapping that drifted, and says what is wrong then.
    pub(super) fn repair(&mut self, cause: DriftCause, truth: &Truth) -> Result<(), String> {
        let repair = cause.primary_repair();
        for at in &truth.mappings {
            self.mend(*at, cause, repair, truth);
        }
        let left = self.primary_causes();
        if let Some((at, cause, detail)) = left.first() {
            return Err(format!("{cause} is left: {detail}; {}", self.told(*at)));
        }
        let Some(first) = truth.mappings.first() else {
            return Ok(());
        };
        let person = self.people[*first].id;
        let now = |fits: &dyn Fn(&&Mapping) -> bool| {
            let mut holding = self.mappings.iter();
            holding.find(|mapping| mapping.period.contains(NOW) && fits(mapping))
        };
        let target = now(&|mapping| mapping.person_id == person);
        if target.map(|mapping| &mapping.crm_user_id) != truth.target.as_ref() {
            return Err(format!(
                "leads to {:?} instead of {:?}",
                target.map(|mapping| &mapping.crm_user_id),
                truth.target
            ));
        }
        if let Some(successor) = truth.successor {
            let seat = &self.mappings[*first].crm_user_id;
            if now(&|it| it.person_id == successor && it.crm_user_id == *seat).is_none() {
                return Err("the seat was not handed on".to_owned());
            }
        }
        Ok(())
    }

    fn mend(&mut self, at: usize, cause: DriftCause, repair: Repair, truth: &Truth) {
        let mapping = self.mappings[at].clone();
        let successor = match (repair, &truth.target, truth.successor) {
            (Repair::Move, Some(target), _) => {
                Some(self.mapping(mapping.person_id, target.clone()))
            }
            (Repair::HandOver, _, Some(next)) => {
                Some(self.mapping(next, mapping.crm_user_id.clone()))
            }
            _ => None,
        };
        let decision = (repair == Repair::NotAPerson).then(|| {
            let kind = DecisionKind::NotAPerson {
                crm_user_id: mapping.crm_user_id.clone(),
            };
            self.decide(kind);
            let decision = self.decisions.pop().expect("just decided");
            (None, decision)
        });
        let mending = Mending {
            at: NOW,
            causes: vec![cause],
            witness: self.witness(&mapping),
            successor,
            decision,
        };
        for line in lines_to_mend(repair, &mapping, mending) {
            self.apply(line);
        }
    }

    fn apply(&mut self, line: ChangeLine) {
        match line {
            ChangeLine::Mapping { before, after } => {
                let known = before.map(|before| before.id);
                let known = known.and_then(|id| self.mappings.iter().position(|it| it.id == id));
                match (known, after) {
                    (Some(at), Some(after)) => self.mappings[at] = *after,
                    // Kept, so that the others stay where they are, but never true.
                    (Some(at), None) => {
                        self.mappings[at].period =
                            Period::new(Timestamp::ALWAYS, THEN).expect("in order");
                    }
                    (None, Some(after)) => self.mappings.push(*after),
                    (None, None) => {}
                }
            }
            ChangeLine::Decision { after, .. } => {
                self.decisions.extend(after.map(|decision| *decision));
            }
            ChangeLine::Person { .. }
            | ChangeLine::Identity { .. }
            | ChangeLine::MatchingSettings { .. } => {
                panic!("a repair changes mappings and decisions alone")
            }
        }
    }
}
