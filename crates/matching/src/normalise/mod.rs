//! Brings values to the form in which they are compared. Nothing here decides anything.

pub(crate) mod birth;
pub(crate) mod contact;
pub(crate) mod email;
pub(crate) mod fold;
pub(crate) mod name;
pub(crate) mod role;
pub(crate) mod sound;
