//! The exchanges of TCP as data: each picture is drawn from its steps.

use super::sequence::{
    Act::{Cross, Do, Lose, Send, Wait},
    Exchange,
    Party::{Left, Right},
    Step,
};
use crate::{
    model::state::State,
    text::{Message, messages},
};

const CLIENT_SERVER: [Message; 2] = [messages::DRAW_CLIENT, messages::DRAW_SERVER];
const CLOSER_PEER: [Message; 2] = [messages::DRAW_CLOSER, messages::DRAW_PEER];
const US_PEER: [Message; 2] = [messages::DRAW_HOST, messages::DRAW_PEER];
const OPEN: [State; 2] = [State::ESTABLISHED, State::ESTABLISHED];

/// A step after which both states stay.
const fn same(act: super::sequence::Act) -> Step {
    Step { act, left: None, right: None }
}

/// A step that changes the left state.
const fn left(act: super::sequence::Act, state: State) -> Step {
    Step { act, left: Some(state), right: None }
}

/// A step that changes the right state.
const fn right(act: super::sequence::Act, state: State) -> Step {
    Step { act, left: None, right: Some(state) }
}

/// A step that changes both.
const fn both(act: super::sequence::Act, left: State, right: State) -> Step {
    Step { act, left: Some(left), right: Some(right) }
}

/// All exchanges, by the names of their topics.
pub const EXCHANGES: &[Exchange] = &[
    Exchange {
        name: "three-way-handshake",
        parties: CLIENT_SERVER,
        begin: [State::CLOSE, State::LISTEN],
        steps: &[
            both(Send(Left, "SYN seq=x"), State::SYN_SENT, State::SYN_RECV),
            left(Send(Right, "SYN+ACK seq=y ack=x+1"), State::ESTABLISHED),
            right(Send(Left, "ACK ack=y+1"), State::ESTABLISHED),
        ],
    },
    Exchange {
        name: "four-way-close",
        parties: CLOSER_PEER,
        begin: OPEN,
        steps: &[
            same(Do(Left, messages::DRAW_CLOSE)),
            both(Send(Left, "FIN seq=u"), State::FIN_WAIT1, State::CLOSE_WAIT),
            left(Send(Right, "ACK ack=u+1"), State::FIN_WAIT2),
            same(Send(Right, "DATA")),
            same(Do(Right, messages::DRAW_CLOSE)),
            both(Send(Right, "FIN seq=w"), State::TIME_WAIT, State::LAST_ACK),
            right(Send(Left, "ACK ack=w+1"), State::CLOSE),
            left(Wait(messages::DRAW_SIXTY), State::CLOSE),
        ],
    },
    Exchange {
        name: "simultaneous-close",
        parties: US_PEER,
        begin: OPEN,
        steps: &[
            both(Cross("FIN seq=u", "FIN seq=w"), State::FIN_WAIT1, State::FIN_WAIT1),
            both(Cross("ACK ack=w+1", "ACK ack=u+1"), State::CLOSING, State::CLOSING),
            both(Wait(messages::DRAW_BOTH_ACKS), State::TIME_WAIT, State::TIME_WAIT),
            both(Wait(messages::DRAW_SIXTY), State::CLOSE, State::CLOSE),
        ],
    },
    Exchange {
        name: "reset",
        parties: US_PEER,
        begin: OPEN,
        steps: &[
            same(Send(Left, "DATA")),
            same(Do(Right, messages::DRAW_ABORT)),
            both(Send(Right, "RST"), State::CLOSE, State::CLOSE),
            same(Do(Left, messages::DRAW_RESET_SEEN)),
        ],
    },
    Exchange {
        name: "half-closing",
        parties: CLIENT_SERVER,
        begin: OPEN,
        steps: &[
            same(Send(Left, "DATA")),
            same(Do(Left, messages::DRAW_SHUTDOWN)),
            both(Send(Left, "FIN"), State::FIN_WAIT1, State::CLOSE_WAIT),
            left(Send(Right, "ACK"), State::FIN_WAIT2),
            same(Send(Right, "DATA")),
            same(Send(Left, "ACK")),
            both(Send(Right, "DATA FIN"), State::TIME_WAIT, State::LAST_ACK),
            right(Send(Left, "ACK"), State::CLOSE),
        ],
    },
    Exchange {
        name: "keepalive",
        parties: US_PEER,
        begin: OPEN,
        steps: &[
            same(Wait(messages::DRAW_IDLE)),
            same(Send(Left, "ACK seq-1")),
            same(Send(Right, "ACK")),
            same(Wait(messages::DRAW_PEER_GONE)),
            same(Lose(Left, "ACK seq-1")),
            same(Lose(Left, "ACK seq-1")),
            left(Do(Left, messages::DRAW_TIMED_OUT), State::CLOSE),
        ],
    },
    Exchange {
        name: "zero-window",
        parties: US_PEER,
        begin: OPEN,
        steps: &[
            same(Send(Left, "DATA")),
            same(Do(Right, messages::DRAW_NOT_READING)),
            same(Send(Right, "ACK win=0")),
            same(Wait(messages::DRAW_PERSIST)),
            same(Send(Left, "ACK seq-1")),
            same(Send(Right, "ACK win=0")),
            same(Do(Right, messages::DRAW_READS_AGAIN)),
            same(Send(Right, "ACK win=65535")),
            same(Send(Left, "DATA")),
        ],
    },
    Exchange {
        name: "retransmission",
        parties: US_PEER,
        begin: OPEN,
        steps: &[
            same(Lose(Left, "DATA seq=x")),
            same(Wait(messages::DRAW_RTO_FIRST)),
            same(Lose(Left, "DATA seq=x")),
            same(Wait(messages::DRAW_RTO_SECOND)),
            same(Send(Left, "DATA seq=x")),
            same(Send(Right, "ACK")),
        ],
    },
];
