//! Reading back what was written, and finding it by its key.

use counterpart_manifest::{Activity as Described, DeliveryTier};
use counterpart_model::activity::{About, Activity, ActivityKind, ActivityRecord};
use serde_json::Value;

use super::ManifestConnector;
use super::call::Call;
use super::cursor::Tables;
use super::inputs::Inputs;
use super::our_key::{holds_key, uuid_of};
use super::records::{first_of, one_form};
use super::tables::{Rows, Shape};
use crate::{Access, ConnectorError, ErrorClass, ReadBack};

/// How many pages of a search by key are read at most.
const MOST_PAGES: usize = 3;

impl ManifestConnector {
    /// Whose record it is, once it was written.
    pub(super) async fn owner_read_back(
        &self,
        access: &Access<'_>,
        described: &Described,
        activity: &Activity,
        id: &str,
    ) -> ReadBack {
        if described.read.is_none() {
            return ReadBack::Impossible;
        }
        let wanted = activity.owner.id_of_kind(described.owner_id.as_deref());
        match self.read(access, activity.kind, id, &activity.about).await {
            Ok(Some(record)) if record.owner.as_deref() == wanted => ReadBack::Same,
            Ok(Some(record)) => ReadBack::Other(record.owner),
            Ok(None) => ReadBack::Failed(ConnectorError::new(
                ErrorClass::NotFound,
                format!(
                    "the {} that was just written cannot be read",
                    described.title
                ),
            )),
            Err(error) => ReadBack::Failed(error),
        }
    }

    /// A record as it is there now; `None` when it is not there. Some can be found only by what
    /// they are about, which `about` says.
    pub(super) async fn read(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        id: &str,
        about: &About,
    ) -> Result<Option<ActivityRecord>, ConnectorError> {
        let described = self.described(access, kind)?;
        let Some(one) = &described.read else {
            return Err(self.cannot("read back what was written"));
        };
        let extras = self.of_record(described, id, about);
        let what = format!("reading a {}", described.title);
        let call = Call {
            extras: &extras,
            may_be_empty: true,
            ..Call::of(&one.request, &what)
        };
        let row = self.one(access, call, one, id).await?;
        Ok(row.map(|row| {
            let owner = first_of(&described.owner, &Tables::new(), &row);
            ActivityRecord {
                id: id.to_owned(),
                // An id of zero is how some vendors write nobody.
                owner: owner
                    .filter(|owner| owner != "0" && owner != "false")
                    .map(|owner| match &described.owner_id {
                        None => one_form(self, &owner).unwrap_or(owner),
                        Some(_) => owner,
                    }),
                link: self.linked(described.link.as_ref(), access.settings, "record_id", id),
            }
        }))
    }

    /// The ids of the records that have our key.
    pub(super) async fn find_by_key(
        &self,
        access: &Access<'_>,
        kind: ActivityKind,
        key: &str,
        about: Option<&Activity>,
    ) -> Result<Vec<String>, ConnectorError> {
        let described = self.described(access, kind)?;
        let Some(find) = &described.find else {
            return Err(self.cannot("find what was written by our key"));
        };
        let mut inputs = vec![
            ("our_key", Value::from(key)),
            ("our_uuid", Value::from(uuid_of(kind, key))),
        ];
        if let Some(activity) = about {
            let owner = Some(activity.owner.id.0.as_str());
            inputs.extend(self.about(described, &activity.about, owner));
            let mut times = Inputs::new(&self.manifest, access, None).under(&described.inputs);
            times.set_time("started_at", activity.started_at);
            inputs.extend(times.typed("started_at").map(|at| ("started_at", at)));
        }
        let mut found = Vec::new();
        for request in &find.requests {
            let source = Rows {
                request,
                items: &find.items,
                paging: &find.paging,
                page_size: self.manifest.users.page_size,
                shape: Shape::List,
                most_pages: Some(MOST_PAGES),
                what: format!("looking for a {}", described.title),
            };
            for row in self.rows(access, &source, &inputs).await? {
                let is_ours = find.key.as_ref().is_none_or(|pointer| {
                    pointer
                        .text(&row)
                        .is_some_and(|theirs| holds_key(&theirs, key))
                });
                if let Some(id) = find.id.text(&row).filter(|_| is_ours)
                    && !found.contains(&id)
                {
                    found.push(id);
                }
            }
        }
        Ok(found)
    }

    /// The record that an earlier attempt wrote, if it did. What was just written may stay
    /// unfound for a while: it is looked for once more after that.
    pub(super) async fn written_before(
        &self,
        access: &Access<'_>,
        described: &Described,
        activity: &Activity,
    ) -> Result<Option<String>, ConnectorError> {
        let Some(find) = &described.find else {
            return Err(ConnectorError::new(
                ErrorClass::Conflict,
                format!(
                    "whether the {} was written cannot be found out; look for it in {} before writing it again",
                    described.title, self.manifest.title
                ),
            )
            .unknown_outcome());
        };
        let key = &activity.key;
        let found = self
            .find_by_key(access, activity.kind, key, Some(activity))
            .await?;
        let tier = described.delivery.unwrap_or(self.manifest.delivery);
        if !found.is_empty() || find.settles_after_seconds == 0 || tier == DeliveryTier::A {
            return Ok(found.into_iter().next());
        }
        let settled = std::time::Duration::from_secs(u64::from(find.settles_after_seconds));
        access.pause.pause(settled).await;
        let found = self
            .find_by_key(access, activity.kind, key, Some(activity))
            .await?;
        Ok(found.into_iter().next())
    }
}
