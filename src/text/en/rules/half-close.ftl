title = { $count ->
    [one] { $count } half-closed connection still sending a response, { $bytes } just now: normal
   *[other] { $count } half-closed connections still sending a response, { $bytes } just now: normal
}
why = The peer has finished sending and waits for the rest of the response. CLOSE_WAIT is correct here.
