"""mail_server.py FOLDER: an SMTP server (aiosmtpd) for trying things out.

It listens on a free port of 127.0.0.1, which it prints, and puts each mail that it takes into FOLDER, a Maildir. Nothing
is ever passed on.
"""
import asyncio
import sys

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


async def serve(folder):
    handler = Mailbox(folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve(sys.argv[1]))
