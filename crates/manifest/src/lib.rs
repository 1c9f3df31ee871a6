//! The connector manifest: types, loader, validation. Pure.
