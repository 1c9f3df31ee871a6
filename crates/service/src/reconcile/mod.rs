//! Keeping proposals, drift and situations true: what a change concerns is looked at at once,
//! everybody from time to time.
//!
//! - [`concerned`]: whom a change concerns. Pure.
//! - [`settling`]: what becomes true in the transaction of a change, and what right behind it.
//! - [`some`]: those whom a change concerns, by what the last look at everybody has learned.
//! - [`full`]: everybody of a connection.
//! - [`rooms`]: what is kept in memory of the last look at everybody. Losing it costs time only.
//! - [`schedule`]: what is left for later.
//! - [`sides`], [`records`], [`proposals`]: the matcher's words and ours.

mod concerned;
mod full;
mod memory;
mod proposals;
mod records;
mod rooms;
mod schedule;
mod settling;
mod sides;
mod some;

pub(crate) use concerned::Concerned;
pub(crate) use proposals::{evidence, proposals};
pub(crate) use records::{record_of_crm_user, record_of_person};
pub(crate) use rooms::Rooms;
pub(crate) use settling::Change;
pub(crate) use sides::{Staff, has_crm_users};
