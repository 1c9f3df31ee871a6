//! Stand-ins for the providers over real HTTP, for the demo and for anybody's tests.
