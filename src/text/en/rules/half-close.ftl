title = { $count ->
    [one] { $count } half-closed connection still being answered, { $bytes } just now: normal
   *[other] { $count } half-closed connections still being answered, { $bytes } just now: normal
}
why = The peer has finished sending and waits for the rest of the answer. CLOSE_WAIT is right here.
