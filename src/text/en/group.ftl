key-state = STATE
key-family = FAMILY
key-local = LOCAL ADDRESS
key-local-port = LOCAL PORT
key-peer = PEER ADDRESS
key-peer-network = PEER NETWORK
key-peer-port = PEER PORT
key-service = SERVICE
key-direction = DIRECTION
key-timer = TIMER
key-user = USER
column-count = SOCKETS
other-rows = { $rows ->
    [one] other ({ $rows } group)
   *[other] other ({ $rows } groups)
}
key-program = PROGRAM
key-pid = PROCESS
key-unit = UNIT
key-container = CONTAINER
key-congestion = CONGESTION CONTROL
key-device = INTERFACE
key-netns = NETWORK NAMESPACE
