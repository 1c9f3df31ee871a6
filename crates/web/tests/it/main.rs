//! The portal, driven in process by clients of every role.

mod house;
