//! Hints for the owner's programming language, chosen by its runtime. The words are in the catalogue that all rules
//! share.

use super::prelude::*;

/// How to close a socket on every path.
pub fn close(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-close-java",
        Runtime::Go => "hint-close-go",
        Runtime::Python => "hint-close-python",
        Runtime::Node => "hint-close-node",
        Runtime::Nginx => "hint-close-nginx",
        Runtime::Ruby => "hint-close-ruby",
        Runtime::Php => "hint-close-php",
        Runtime::Dotnet => "hint-close-dotnet",
        _ => "hint-close-native",
    })
}

/// How to reuse connections to one destination.
pub fn pool(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-pool-java",
        Runtime::Go => "hint-pool-go",
        Runtime::Python => "hint-pool-python",
        Runtime::Node => "hint-pool-node",
        Runtime::Nginx => "hint-pool-nginx",
        Runtime::Haproxy => "hint-pool-haproxy",
        Runtime::Php => "hint-pool-php",
        _ => "hint-pool-native",
    })
}

/// How to ask for a longer accept queue.
pub fn backlog(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-backlog-java",
        Runtime::Go => "hint-backlog-go",
        Runtime::Python => "hint-backlog-python",
        Runtime::Node => "hint-backlog-node",
        Runtime::Nginx => "hint-backlog-nginx",
        Runtime::Haproxy => "hint-backlog-haproxy",
        Runtime::Apache => "hint-backlog-apache",
        Runtime::Postgres => "hint-backlog-postgres",
        Runtime::Redis => "hint-backlog-redis",
        _ => "hint-backlog-native",
    })
}

/// Where a program's own limit of connections or workers is set.
pub fn own_limit(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-own-limit-java",
        Runtime::Python => "hint-own-limit-python",
        Runtime::Nginx => "hint-own-limit-nginx",
        Runtime::Haproxy => "hint-own-limit-haproxy",
        Runtime::Apache => "hint-own-limit-apache",
        Runtime::Php => "hint-own-limit-php",
        Runtime::Redis => "hint-own-limit-redis",
        _ => "hint-own-limit-native",
    })
}

/// How to turn keepalive on.
pub fn keepalive(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-keepalive-java",
        Runtime::Python => "hint-keepalive-python",
        Runtime::Node => "hint-keepalive-node",
        Runtime::Nginx => "hint-keepalive-nginx",
        Runtime::Postgres => "hint-keepalive-postgres",
        Runtime::Redis => "hint-keepalive-redis",
        _ => "hint-keepalive-native",
    })
}

/// How to give up a connection on which nothing moves.
pub fn give_up(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-give-up-java",
        Runtime::Go => "hint-give-up-go",
        Runtime::Python => "hint-give-up-python",
        Runtime::Node => "hint-give-up-node",
        Runtime::Nginx => "hint-give-up-nginx",
        Runtime::Haproxy => "hint-give-up-haproxy",
        Runtime::Postgres => "hint-give-up-postgres",
        _ => "hint-give-up-native",
    })
}

/// How to read datagrams faster.
pub fn datagrams(runtime: Runtime) -> Sentence {
    Sentence::plain(match runtime {
        Runtime::Java => "hint-datagrams-java",
        Runtime::Go => "hint-datagrams-go",
        Runtime::Python => "hint-datagrams-python",
        Runtime::Node => "hint-datagrams-node",
        _ => "hint-datagrams-native",
    })
}
