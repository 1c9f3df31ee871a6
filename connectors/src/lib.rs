//! Every provider, one folder each: manifest, hooks, fixtures, README.
